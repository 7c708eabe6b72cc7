"""Word files (.docx): the zip, the styles and numbers, the words of each paragraph."""
