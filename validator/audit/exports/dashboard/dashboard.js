/* Choosing, sorting and paging of the reports, and the panel of one report. Without it the first rows stand there. */
(function () {
  "use strict";
  var one = function (id) { return document.getElementById(id); };
  var data = JSON.parse(one("fazhi-audit").textContent);
  var ID = 0, ORGAN = 1, LEVEL = 2, REGION = 3, YEAR = 4, FOLDER = 5, NAME = 6, OUTCOME = 7, FAILED = 8, WARNED = 9, DOUBTS = 10, PAGE = 11, RULES = 12, NOTES = 13;
  var MARKS = { p: "✓", f: "✗", r: "?", n: "–", e: "!", ".": "" };
  var STATES = { p: "pass", f: "fail", r: "review", n: "not_applicable", e: "error" };
  var FILE_WORDS = { p: "符合", f: "不符合", r: "需人工复核", n: "不适用", e: "未能检查" };
  var RULE_WORDS = { p: "通过", f: "不通过", r: "需复核", n: "不适用", e: "未能检查", ".": "没有结果" };
  var ORDER = "frep";
  var RANKED = 100, HEATED = 50;
  var files = data.files, rules = data.rules;
  var found = [], places = [];
  var sort = { by: "failed", down: true };
  var pages = { ranking: 0, heat: 0 };

  /* Small pieces */
  function make(tag, words, name) {
    var node = document.createElement(tag);
    if (words) node.textContent = words;
    if (name) node.className = name;
    return node;
  }
  function low(file) { return file[OUTCOME].toLowerCase(); }
  function path(file) { return data.folders[file[FOLDER]] + file[NAME]; }
  function organ(file) { return file[ORGAN] || "单位不明"; }
  function about(file) {
    return [file[YEAR] ? file[YEAR] + "年度" : "年度不明", data.levels[file[LEVEL]], data.regions[file[REGION]]].filter(Boolean).join(" · ");
  }
  function link(file) { return "pages/" + String(file[ID]).padStart(6, "0") + ".html"; }
  function isUnread(file) { return low(file) === "e" && !/[^en.]/i.test(file[RULES]); }
  function state(letter, words) {
    var node = make("span", "", "state " + STATES[letter]);
    var glyph = make("span", MARKS[letter], "glyph");
    glyph.setAttribute("aria-hidden", "true");
    node.append(glyph, make("span", words[letter], "word"));
    return node;
  }
  function opener(file) {
    var button = make("button", organ(file), "plain");
    button.type = "button";
    button.dataset.file = files.indexOf(file);
    return button;
  }

  /* Choosing */
  function offer(id, first, values, names) {
    var box = one(id);
    box.append(new Option(first, ""));
    values.forEach(function (value, i) { box.append(new Option(names ? names[i] : value, value)); });
  }
  function distinct(column) {
    return Array.from(new Set(files.map(function (file) { return file[column]; })));
  }
  var order = new Intl.Collator("zh-CN");
  function fill() {
    var years = distinct(YEAR).sort(function (a, b) { return b - a; });
    offer("year", "全部", years, years.map(function (year) { return year ? year + "年度" : "年度不明"; }));
    offer("level", "全部", data.levels.map(function (_, i) { return i; }), data.levels);
    var regions = data.regions.map(function (name, i) { return [name || "地区不明", i]; });
    regions.sort(function (a, b) { return order.compare(a[0], b[0]); });
    offer("region", "全部", regions.map(function (x) { return x[1]; }), regions.map(function (x) { return x[0]; }));
    offer("outcome", "全部", ["p", "f", "r", "e"], ["✓ 符合", "✗ 不符合", "? 需人工复核", "! 未能检查"]);
    offer("rule", "不限", rules.map(function (_, i) { return i; }), rules.map(function (r) { return r[0] + " " + r[1]; }));
    var results = ["f", "r", "p", "n", "e"];
    results.forEach(function (x) { one("result").append(new Option(MARKS[x] + " " + RULE_WORDS[x], x)); });
    one("result").append(new Option("复核改过", "changed"));
    one("year").value = data.focus === null ? "" : String(data.focus);
  }
  function fits() {
    var chosen = {};
    ["year", "level", "region", "outcome", "rule", "result"].forEach(function (id) { chosen[id] = one(id).value; });
    var words = one("words").value.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
    one("result").disabled = chosen.rule === "";
    return function (file) {
      if (chosen.year !== "" && file[YEAR] !== +chosen.year) return false;
      if (chosen.level !== "" && file[LEVEL] !== +chosen.level) return false;
      if (chosen.region !== "" && file[REGION] !== +chosen.region) return false;
      if (chosen.outcome !== "" && low(file) !== chosen.outcome) return false;
      if (chosen.rule !== "") {
        var letter = file[RULES][+chosen.rule];
        if (chosen.result === "changed" ? letter === letter.toLowerCase() : letter.toLowerCase() !== chosen.result) return false;
      }
      if (!words.length) return true;
      var said = (organ(file) + " " + path(file)).normalize("NFKC").toLowerCase();
      return words.every(function (word) { return said.indexOf(word) >= 0; });
    };
  }

  /* Sorting: the worst first, as people rank; equal ones keep the order of the audit */
  function worst(a, b) { return b[FAILED] - a[FAILED] || b[WARNED] - a[WARNED] || b[DOUBTS] - a[DOUBTS] || (low(a) === "e") - (low(b) === "e"); }
  var COMPARE = {
    failed: worst,
    warned: function (a, b) { return b[WARNED] - a[WARNED]; },
    doubts: function (a, b) { return b[DOUBTS] - a[DOUBTS]; },
    outcome: function (a, b) { return ORDER.indexOf(low(a)) - ORDER.indexOf(low(b)) || worst(a, b); },
    organ: function (a, b) { return order.compare(organ(a), organ(b)); }
  };
  function arrange() {
    var compare = COMPARE[sort.by];
    found = files.filter(fits());
    found.sort(function (a, b) { return sort.down ? compare(a, b) : compare(b, a); });
    places = [];
    found.forEach(function (file, i) { places.push(i && compare(found[i - 1], file) === 0 ? places[i - 1] : i + 1); });
    pages.ranking = pages.heat = 0;
  }

  /* Tables */
  function cell(row, words, name) { row.append(make("td", String(words), name)); }
  function drawRanking() {
    var body = one("ranking").tBodies[0];
    var start = pages.ranking * RANKED;
    body.replaceChildren.apply(body, found.slice(start, start + RANKED).map(function (file, i) {
      var row = document.createElement("tr"), head = make("th"), who = make("span", "", "who"), told = make("td");
      head.scope = "row";
      who.append(opener(file), make("span", about(file), "about"));
      if (file[PAGE]) {
        var page = make("a", "检查页", "page");
        page.href = link(file);
        page.setAttribute("aria-label", "检查页：" + organ(file));
        who.append(page);
      }
      who.append(make("span", path(file), "path"));
      head.append(who);
      told.append(state(low(file), FILE_WORDS));
      cell(row, low(file) === "e" ? "–" : places[start + i], "n");
      row.append(head, told);
      [FAILED, WARNED, DOUBTS].forEach(function (column) { cell(row, isUnread(file) ? "–" : file[column], "n"); });
      return row;
    }));
    drawPager("ranking", RANKED, drawRanking);
  }
  function columns() {
    var which = one("which").value;
    return rules.map(function (rule, i) {
      if (which === "bad") return found.some(function (file) { return "fr".indexOf(file[RULES][i].toLowerCase()) >= 0; });
      return which === "all" || rule[2] === which;
    });
  }
  function drawHeat() {
    var shown = columns();
    var body = one("heat").tBodies[0];
    var start = pages.heat * HEATED;
    Array.prototype.forEach.call(one("heat").tHead.rows[0].cells, function (head, i) { if (i) head.hidden = !shown[i - 1]; });
    body.replaceChildren.apply(body, found.slice(start, start + HEATED).map(function (file) {
      var row = document.createElement("tr"), head = make("th");
      head.scope = "row";
      head.append(opener(file), make("span", about(file), "about"));
      row.append(head);
      shown.forEach(function (show, i) {
        if (!show) return;
        var letter = file[RULES][i], small = letter.toLowerCase();
        cell(row, MARKS[small], (small === "." ? "none" : small) + (letter === small ? "" : " changed"));
        row.lastChild.dataset.rule = i;
      });
      return row;
    }));
    drawPager("heat", HEATED, drawHeat);
  }
  function drawPager(name, size, draw) {
    var box = one(name + "-pages"), last = Math.max(0, Math.ceil(found.length / size) - 1), now = pages[name];
    box.hidden = last === 0;
    var turn = function (words, to, off) {
      var button = make("button", words);
      button.type = "button";
      button.disabled = off;
      button.addEventListener("click", function () {
        pages[name] = to;
        draw();
        var again = Array.prototype.find.call(box.querySelectorAll("button"), function (x) { return x.textContent === words; });
        (again.disabled ? box.querySelector("button:enabled") : again).focus({ preventScroll: true });
      });
      return button;
    };
    var said = make("span", "第" + (now * size + 1) + "到" + Math.min(found.length, (now + 1) * size) + "份，共" + found.length + "份");
    said.setAttribute("role", "status");
    box.replaceChildren(turn("第一页", 0, now === 0), turn("上一页", now - 1, now === 0), turn("下一页", now + 1, now === last), turn("最后一页", last, now === last), said);
  }
  function drawHeads() {
    Array.prototype.forEach.call(one("ranking").tHead.rows[0].cells, function (head) {
      if (!head.dataset.sort) return;
      var on = head.dataset.sort === sort.by;
      head.setAttribute("aria-sort", on ? (sort.down ? "descending" : "ascending") : "none");
      var arrow = head.querySelector(".arrow");
      arrow.textContent = on ? (sort.down ? "▼" : "▲") : "";
    });
  }
  function draw() {
    arrange();
    drawHeads();
    drawRanking();
    drawHeat();
    one("count").textContent = found.length === files.length ? "显示全部" + files.length + "份" : "符合条件" + found.length + "份，共" + files.length + "份";
  }

  /* One report */
  function list(file, letter) {
    return rules.filter(function (_, i) { return file[RULES][i].toLowerCase() === letter; });
  }
  function tell(file) {
    var box = one("report"), name = make("h2", organ(file)), foot = make("div", "", "foot"), close = make("button", "关闭");
    name.id = "report-name";
    close.type = "button";
    close.addEventListener("click", function () { box.close(); });
    var said = make("p");
    said.append(state(low(file), FILE_WORDS), " " + about(file));
    if (file[OUTCOME] !== low(file)) said.append("，经复核改变");
    box.replaceChildren(name, said, make("p", path(file), "path"));
    (file[NOTES] || []).forEach(function (note) { box.append(make("p", note, "notice")); });
    if (!isUnread(file)) {
      ["f", "r", "e"].forEach(function (letter) {
        var bad = list(file, letter);
        if (!bad.length) return;
        var items = make("ul");
        bad.forEach(function (rule) {
          var changed = file[RULES][rules.indexOf(rule)] !== letter;
          items.append(make("li", rule[0] + " " + rule[1] + (rule[2] === "error" ? "（必备项）" : "") + (changed ? "（经复核改变）" : "")));
        });
        box.append(make("h3", MARKS[letter] + " " + RULE_WORDS[letter] + " " + bad.length + "项"), items);
      });
    }
    if (file[PAGE]) {
      var more = make("a", "打开这份报告的检查页");
      more.href = link(file);
      foot.append(more);
    } else {
      var how = make("p", "这份报告没有生成检查页，可以运行 ");
      how.append(make("code", "fazhi audit page 审核文件夹 \"" + path(file) + "\""));
      foot.append(how);
    }
    foot.append(close);
    box.append(foot);
    box.showModal();
    box.scrollTop = 0;
  }

  /* What people do */
  function clear() {
    ["level", "region", "outcome", "rule", "words"].forEach(function (id) { one(id).value = ""; });
    one("year").value = data.focus === null ? "" : String(data.focus);
    one("result").value = "f";
  }
  function choose(link) {
    var at = link.dataset;
    clear();
    if (at.outcome) one("outcome").value = Object.keys(STATES).find(function (x) { return STATES[x] === at.outcome; });
    if (at.rule) one("rule").value = at.rule;
    if (at.year) one("year").value = at.year;
    if (at.level !== undefined) one("level").value = data.levels.indexOf(at.level);
    if (at.region !== undefined) one("region").value = data.regions.indexOf(at.region);
    draw();
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-file]");
    if (button) return tell(files[+button.dataset.file]);
    var link = event.target.closest("a[href='#organs']");
    if (link && Object.keys(link.dataset).length) choose(link);
    if (link) window.setTimeout(function () { one("organs").focus({ preventScroll: true }); });
  });
  one("report").addEventListener("click", function (event) { if (event.target === this) this.close(); });
  one("heat").addEventListener("mouseover", function (event) {
    var at = event.target.closest("td[data-rule]");
    if (!at) return;
    var rule = rules[+at.dataset.rule], name = at.parentNode.querySelector("button").textContent;
    one("readout").textContent = name + "：" + rule[0] + " " + rule[1] + " " + RULE_WORDS[at.className.charAt(0)];
  });
  Array.prototype.forEach.call(one("ranking").tHead.rows[0].cells, function (head) {
    var by = head.dataset.sort;
    if (!by) return;
    var button = make("button", "", "plain");
    button.type = "button";
    button.append.apply(button, Array.prototype.slice.call(head.childNodes));
    button.append(make("span", "", "arrow"));
    button.lastChild.setAttribute("aria-hidden", "true");
    button.addEventListener("click", function () {
      sort = { by: by, down: by === sort.by ? !sort.down : true };
      draw();
    });
    head.append(button);
  });
  var waiting = 0;
  one("words").addEventListener("input", function () {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(draw, 150);
  });
  one("choose").addEventListener("change", function (event) { if (event.target !== one("words")) draw(); });
  one("choose").addEventListener("submit", function (event) { event.preventDefault(); draw(); });
  one("which").addEventListener("change", drawHeat);
  one("clear").addEventListener("click", function () { clear(); draw(); one("year").focus(); });
  fill();
  clear();
  ["choose", "columns"].forEach(function (id) { one(id).hidden = false; });
  document.querySelectorAll(".scripted").forEach(function (node) { node.hidden = false; });
  draw();

  /* Printing: everything opened, and closed again afterwards */
  var closed = [];
  window.addEventListener("beforeprint", function () {
    closed = Array.prototype.slice.call(document.querySelectorAll("details:not([open])"));
    closed.forEach(function (node) { node.open = true; });
  });
  window.addEventListener("afterprint", function () {
    closed.forEach(function (node) { node.open = false; });
    closed = [];
  });
})();
