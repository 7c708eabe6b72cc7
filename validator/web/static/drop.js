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
  var away = null;
  var under = 0;  /* uploads that are under way or wait */

  function ask(address, how) {
    return fetch(address, how || {}).then(function (answer) { return answer.ok ? answer.text() : Promise.reject(new Error()); });
  }

  function refresh(pause) {
    if (!list) return;
    window.clearTimeout(asking);
    asking = window.setTimeout(function () {
      ask("/list").then(function (markup) {
        if (away) away(false);
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
        else if (told) {
          var tell = told;
          told = null;
          tell(rows ? rows.children.length : 0);
        }
      }, function () {
        if (away) away(true);
        refresh(3000);
      });
    }, pause || 150);
  }

  /* To remove a file must not stop the uploads of others, nor lose the place of the keyboard. */
  function remove(event) {
    var form = event.target;
    var others = all("form", list);
    var place = others.indexOf(form);
    if (place < 0) return;
    event.preventDefault();
    ask(form.action, { method: "POST" }).then(function () {
      form.closest("li").remove();
      others = all("form button", list);
      var next = others[Math.min(place, others.length - 1)] || document.querySelector("input[type=file]");
      next.focus();
      if (!others.length) {
        told = null;
        document.querySelector("form.drop .status").textContent = "";
      }
      refresh(1);
    }, function () { form.submit(); });
  }

  if (list) {
    var shown = list.querySelector(".rows");
    if (shown && Number(shown.dataset.open) > 0) {
      told = function (known) { if (known) all("form.drop .status")[0].textContent = document.querySelector("form.drop").dataset.done; };
      refresh(300);
    }
    list.addEventListener("submit", remove);
    window.addEventListener("pageshow", function (event) { if (event.persisted) refresh(1); });
    document.addEventListener("visibilitychange", function () { if (!document.hidden) refresh(1); });
  }
  window.addEventListener("beforeunload", function (event) { if (under) event.preventDefault(); });

  /* The other language shows the same item. */
  all(".bar-top .other a").forEach(function (link) {
    link.addEventListener("click", function () { link.hash = location.hash; });
  });

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

    function say(text) { if (status.textContent !== text) status.textContent = text; }

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

    function link(address) {
      var row = document.createElement("li");
      var result = document.createElement("a");
      result.href = address;
      result.textContent = words.see;
      row.append(result);
      rows.append(row);
    }

    function finish() {
      running -= 1;
      under -= 1;
      next();
      if (running || waiting.length) return;
      if (rows.querySelector(".failed")) { if (!list) found.forEach(link); }  /* what went wrong stays in sight */
      else if (wanted === 1 && found.length === 1) location.assign(found[0]);
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
          told = function (known) { if (!running) say(known ? words.done : words.cookie); };
          away = function (is) { if (is) say(words.away); else if (status.textContent === words.away) say(words.sent); };
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

    function take(files, folders) {
      var wrong = all("input[type=number]", form).filter(function (field) { return !field.checkValidity(); })[0];
      if (wrong) {
        wrong.closest("details").open = true;
        wrong.reportValidity();
        return;
      }
      if (!running && !waiting.length) rows.textContent = "";
      Array.prototype.slice.call(files).forEach(function (file, number) {
        var view = show(file.name);
        if (folders && folders[number]) fail(view, words.folder);
        else if (file.size > Number(words.most) * MEBIBYTE) fail(view, words.large);
        else {
          wanted += 1;
          under += 1;
          waiting.push({ file: file, view: view });
        }
      });
      if (!waiting.length) return;
      /* What the server knows this browser by must be there before several files are sent at once. */
      ask("/list").then(next, next);
    }

    input.addEventListener("change", function () { take(input.files); input.value = ""; });
    form.addEventListener("submit", function (event) { event.preventDefault(); input.click(); });
    ["dragenter", "dragover"].forEach(function (name) {
      area.addEventListener(name, function (event) { event.preventDefault(); area.classList.add("over"); });
    });
    ["dragleave", "drop"].forEach(function (name) {
      area.addEventListener(name, function (event) { event.preventDefault(); area.classList.remove("over"); });
    });
    area.addEventListener("drop", function (event) {
      if (!event.dataTransfer) return;
      var folders = Array.prototype.slice.call(event.dataTransfer.items || []).filter(function (item) { return item.kind === "file"; }).map(function (item) {
        var entry = item.webkitGetAsEntry && item.webkitGetAsEntry();
        return !!entry && entry.isDirectory;
      });
      take(event.dataTransfer.files, folders);
    });
  }

  all("form.drop").forEach(begin);

  /* What a cell of the table means, for whoever points at it: there are too many to say it twice in the page. */
  document.addEventListener("mouseover", function (event) {
    var cell = event.target.closest && event.target.closest(".cell");
    if (cell) cell.title = cell.getAttribute("aria-label");
  });

  /* A file that misses the area must not take the place of the page. */
  ["dragover", "drop"].forEach(function (name) {
    window.addEventListener(name, function (event) { event.preventDefault(); });
  });
})();
