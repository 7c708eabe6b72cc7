"""A small report as a Word file, by which a new process loads everything that reading and checking needs."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

SAMPLE = """云溪镇2023年法治政府建设年度报告
2023年，云溪镇认真落实《法治政府建设实施纲要（2021—2025年）》，现将有关情况报告如下：
一、推进法治政府建设的主要举措和成效
召开法治建设专题会议3次，开展行政执法培训4场，参训120人次，其中干部80人次，群众40人次。
落实“三项制度”，公示执法信息36条，办结行政处罚案件12件，行政复议案件2件。
二、存在的不足和原因
执法人员力量不足，法治宣传形式单一，主要原因是人员少、任务重。
三、党政主要负责人履行推进法治建设第一责任人职责情况
镇长主持召开会议3次，听取法治建设工作汇报2次，亲自协调解决问题5个。
四、下一年度工作安排
加强执法队伍建设，开展法治宣传活动6场。
"""
"""Invented; it has what rules look for, so that none of them loads something at the first real report."""
_SPACE = "http://schemas.openxmlformats.org"
_TYPES = (
    f'<Types xmlns="{_SPACE}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    f'<Relationships xmlns="{_SPACE}/package/2006/relationships"><Relationship Id="r1" '
    f'Type="{_SPACE}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)


def make_sample(text: str) -> bytes:
    """Return a Word file with one paragraph a line."""
    paragraphs = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in text.splitlines())
    document = f'<w:document xmlns:w="{_SPACE}/wordprocessingml/2006/main"><w:body>{paragraphs}</w:body></w:document>'
    parts = {"[Content_Types].xml": _TYPES, "_rels/.rels": _RELATIONS, "word/document.xml": document}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return packed.getvalue()
