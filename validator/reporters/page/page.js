/* Filters, the way between checklist and text, copying, and printing. Without it the page shows everything.
   Its words stand in the page, so that it is the same in every language. */
(function () {
  "use strict";
  var all = function (selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); };
  var one = function (id) { return document.getElementById(id); };
  var items = all(".item");
  var boxes = all("input[data-filter]");

  /* Filters */
  function chosen() {
    var found = {};
    boxes.forEach(function (box) {
      if (box.checked) (found[box.dataset.filter] = found[box.dataset.filter] || []).push(box.value);
    });
    return found;
  }

  function apply() {
    var filters = chosen();
    var names = Object.keys(filters);
    var shown = 0;
    items.forEach(function (item) {
      var fits = names.every(function (name) { return filters[name].indexOf(item.dataset[name]) >= 0; });
      item.hidden = !fits;
      if (fits) shown += 1;
    });
    all(".part-of-list").forEach(function (part) { part.hidden = !part.querySelector(".item:not([hidden])"); });
    all(".checklist").forEach(function (list) {
      list.querySelector(".nothing").hidden = !!list.querySelector(".item:not([hidden])");
    });
    var words = boxes.filter(function (box) { return box.checked; }).map(function (box) {
      return box.nextElementSibling.textContent.replace(/^[✓✗?–!]\s*/, "");
    });
    var said = one("count").dataset;
    var known = { n: names.length ? shown : items.length, all: items.length, words: words.join(said.and) };
    one("count").textContent = (names.length ? said.some : said.all).replace(/\{(\w+)\}/g, function (_, key) { return known[key]; });
    one("clear").hidden = !names.length;
  }

  function clear() {
    boxes.forEach(function (box) { box.checked = false; });
    apply();
  }

  if (one("filters")) {
    one("filters").hidden = false;
    boxes.forEach(function (box) { box.addEventListener("change", apply); });
    one("clear").addEventListener("click", function () { clear(); boxes[0].focus(); });
    apply();
  }

  /* Between the checklist and the text */
  function go(id) {
    var target = id && one(id);
    if (!target) return;
    var item = target.closest(".item");
    if (item && item.hidden) clear();
    for (var box = target; box; box = box.parentElement) if (box.tagName === "DETAILS") box.open = true;
    all(".active").forEach(function (found) { found.classList.remove("active"); });
    target.classList.add("active");
    all('mark[data-marks~="' + id + '"]').forEach(function (found) { found.classList.add("active"); });
    var first = target.tagName === "DETAILS" ? target.querySelector("summary") : target;
    first.scrollIntoView({ block: target.tagName === "DETAILS" ? "start" : "center" });
    first.focus({ preventScroll: true });
  }

  function visit(id) {
    if (!id) return;
    if (location.hash === "#" + id) go(id); else location.hash = id;
  }

  window.addEventListener("hashchange", function () { go(location.hash.slice(1)); });
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href^='#']");
    if (link) {
      event.preventDefault();
      visit(link.getAttribute("href").slice(1));
      return;
    }
    if (event.target.closest("button, summary, input, label") || String(window.getSelection())) return;
    var mark = event.target.closest("mark[data-marks]");
    var row = event.target.closest("[data-go]");
    if (mark) visit(one(mark.dataset.marks.split(" ")[0]).getAttribute("href").slice(1));
    else if (row) visit(row.dataset.go);
  });
  go(location.hash.slice(1));
  window.addEventListener("load", function () { go(location.hash.slice(1)); });  /* after the browser has put the focus elsewhere */

  /* Copying */
  function copyBySelection(text, done) {
    var area = document.createElement("textarea");
    area.value = text;
    area.className = "aside";
    document.body.appendChild(area);
    area.select();
    var worked = document.execCommand("copy");
    area.remove();
    done(worked);
  }

  all("button.copy").forEach(function (button) {
    var said = button.textContent;
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", function () {
      var text = button.parentElement.querySelector("blockquote").textContent;
      var done = function (worked) {
        button.textContent = worked ? button.dataset.done : button.dataset.failed;
        button.focus();
        window.setTimeout(function () { button.textContent = said; }, 2500);
      };
      var other = function () { copyBySelection(text, done); };
      if (navigator.clipboard) navigator.clipboard.writeText(text).then(function () { done(true); }, other);
      else other();
    });
  });

  /* Printing: everything opened, and closed again afterwards */
  var closed = [];
  window.addEventListener("beforeprint", function () {
    closed = all("details:not([open])");
    closed.forEach(function (found) { found.open = true; });
  });
  window.addEventListener("afterprint", function () {
    closed.forEach(function (found) { found.open = false; });
    closed = [];
  });
})();
