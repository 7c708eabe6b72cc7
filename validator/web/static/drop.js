/* Dropping files, sending them with progress, and keeping the list fresh. Without it the form sends the files as forms do. */
(function () {
  "use strict";
  var all = function (selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); };
  var MEBIBYTE = 1024 * 1024;
  var AT_ONCE = 3;

  /* The list of files: asked for anew as long as something is under way */
  var list = document.getElementById("files");
  var asking = null;
  var told = null;

  function refresh(pause) {
    if (!list) return;
    window.clearTimeout(asking);
    asking = window.setTimeout(function () {
      fetch("/list", { credentials: "same-origin" }).then(function (answer) {
        return answer.ok ? answer.text() : Promise.reject(new Error());
      }).then(function (markup) {
        if (markup !== list.dataset.shown) {
          var focused = document.activeElement;
          var address = list.contains(focused) && (focused.getAttribute("href") || (focused.form && focused.form.getAttribute("action")));
          list.innerHTML = markup;  /* made by our own server, which escapes every word */
          list.dataset.shown = markup;
          var again = address && list.querySelector('a[href="' + address + '"], form[action="' + address + '"] button');
          if (again) again.focus();
        }
        var rows = list.querySelector(".rows");
        list.parentElement.hidden = !rows || !rows.children.length;
        if (rows && Number(rows.dataset.open) > 0) refresh(Math.min((pause || 150) * 1.5, 1500));
        else if (told) told();
      }, function () { refresh(3000); });
    }, pause || 150);
  }

  var shown = list && list.querySelector(".rows");
  if (shown && Number(shown.dataset.open) > 0) refresh(300);

  /* One form */
  function begin(form) {
    var input = form.querySelector("input[type=file]");
    var area = form.querySelector(".area");
    var rows = form.querySelector(".sending");
    var status = form.querySelector(".status");
    var words = form.dataset;
    var waiting = [];
    var running = 0;
    var found = [];
    var wanted = 0;
    form.classList.add("lively");

    function say(text) { status.textContent = text; }

    function address() {
      var target = new URL(form.getAttribute("action"), location.href);
      all("select, input[type=number]", form).forEach(function (field) {
        if (field.value) target.searchParams.set(field.name, field.value);
      });
      return target.pathname + target.search;
    }

    function show(name) {
      var row = document.createElement("li");
      var label = document.createElement("span");
      var bar = document.createElement("progress");
      var said = document.createElement("span");
      label.className = "name";
      label.textContent = name;
      bar.max = 100;
      bar.value = 0;
      bar.setAttribute("aria-label", name);
      said.className = "said";
      row.append(label, bar, said);
      rows.append(row);
      return { row: row, bar: bar, said: said };
    }

    function fail(view, text) {
      view.bar.remove();
      view.row.classList.add("failed");
      view.said.textContent = text;
      var button = document.createElement("button");
      button.type = "button";
      button.className = "quiet";
      button.textContent = words.remove;
      button.addEventListener("click", function () { view.row.remove(); input.focus(); });
      view.row.append(button);
      say(text);
    }

    function finish() {
      running -= 1;
      next();
      if (running || waiting.length) return;
      if (wanted === 1 && found.length === 1) location.assign(found[0]);
      else if (found.length && !list) location.assign("/");
      wanted = 0;
      found = [];
    }

    function send(file, view) {
      var request = new XMLHttpRequest();
      var data = new FormData();
      data.append("file", file, file.name);
      request.open("POST", address());
      request.setRequestHeader("Accept", "application/json");
      view.said.textContent = words.sending;
      request.upload.addEventListener("progress", function (event) {
        if (event.lengthComputable) view.bar.value = 100 * event.loaded / event.total;
        if (event.loaded === event.total) view.said.textContent = words.sent;
      });
      request.addEventListener("load", function () {
        var answer = {};
        try { answer = JSON.parse(request.responseText); } catch (error) { answer = {}; }
        if (request.status === 503) {
          var pause = Number(request.getResponseHeader("Retry-After")) || 2;
          view.said.textContent = words.busy;
          window.setTimeout(function () { send(file, view); }, pause * 1000 * (1 + Math.random()));
          return;
        }
        if (request.status === 202) {
          view.row.remove();
          answer.items.forEach(function (item) { found.push(item.url); });
          if (answer.items.length > 1) wanted += answer.items.length - 1;
          say(words.sent);
          told = function () { if (!running) say(words.done); };
          refresh(100);
        } else {
          fail(view, answer.detail || words.lost);
        }
        finish();
      });
      request.addEventListener("error", function () { fail(view, words.lost); finish(); });
      request.send(data);
    }

    function next() {
      while (running < AT_ONCE && waiting.length) {
        var task = waiting.shift();
        running += 1;
        send(task.file, task.view);
      }
    }

    function take(files) {
      Array.prototype.slice.call(files).forEach(function (file) {
        var view = show(file.name);
        if (file.size > Number(words.most) * MEBIBYTE) {
          fail(view, words.large + words.most);
          return;
        }
        wanted += 1;
        waiting.push({ file: file, view: view });
      });
      next();
    }

    input.addEventListener("change", function () { take(input.files); input.value = ""; });
    form.addEventListener("submit", function (event) { event.preventDefault(); if (input.files.length) take(input.files); else input.click(); });
    ["dragenter", "dragover"].forEach(function (name) {
      area.addEventListener(name, function (event) { event.preventDefault(); area.classList.add("over"); });
    });
    ["dragleave", "drop"].forEach(function (name) {
      area.addEventListener(name, function (event) { event.preventDefault(); area.classList.remove("over"); });
    });
    area.addEventListener("drop", function (event) { if (event.dataTransfer) take(event.dataTransfer.files); });
  }

  all("form.drop").forEach(begin);

  /* A file that misses the area must not take the place of the page. */
  ["dragover", "drop"].forEach(function (name) {
    window.addEventListener(name, function (event) { event.preventDefault(); });
  });
})();
