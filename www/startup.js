// Stands before all modules, as a classic script in the words of 2009, which every browser runs, from a file too: when a script fails before the
// page is up, one sentence in the page says so, and no button is left that does nothing.
(function () {
  /** What www/browsers.js says. */
  var BROWSERS = {
    en: "Chrome or Edge from version 96, Firefox from 114, Safari from 16.4",
    zh: "Chrome 或 Edge 96、Firefox 114、Safari 16.4 或更新的版本",
  };
  var WORDS = {
    en: {
      file: "This page was opened as a file, and browsers run its scripts only when they come from a web server. “cargo ganvas serve” starts one in the project's folder; any other will do too.",
      frame: "This page stands in a frame that does not let it run. Open it in a tab of its own.",
      old: "This browser cannot run the page. It needs " + BROWSERS.en + ".",
      missing:
        "A script of the page did not arrive: the network failed, or something in the browser blocks it. Reload the page.",
      failed:
        "The page could not start: {message}. Reload the page. If that does not help, use " +
        BROWSERS.en +
        ".",
    },
    zh: {
      file: "这个页面是作为本地文件打开的，而浏览器只运行来自网络服务器的脚本。在项目文件夹里运行“cargo ganvas serve”即可启动一个服务器，其他服务器也可以。",
      frame: "这个页面所在的框架不允许它运行。请在单独的标签页中打开。",
      old: "这个浏览器无法运行本页面。请使用 " + BROWSERS.zh + "。",
      missing: "页面的一个脚本没有加载成功：网络出了问题，或者被浏览器中的某个功能拦截。请刷新页面。",
      failed: "页面无法启动：{message}。请刷新页面；如果仍然不行，请使用 " + BROWSERS.zh + "。",
    },
  };
  var root = document.documentElement;
  /** @type {HTMLElement | null} */
  var said = null;

  /** www/view/root.js writes the phase last of all: from then on the page speaks for itself. */
  function isUp() {
    return root.getAttribute("data-phase") !== "loading";
  }

  /** @returns {keyof typeof WORDS} */
  function language() {
    var saved = "";
    try {
      saved = localStorage.getItem("ganvas.lang") || "";
    } catch (_) {
      // Private windows and sandboxed frames may forbid it.
    }
    var asked = /[?&]lang=(\w+)/.exec(location.search);
    var wishes = [asked ? asked[1] : "", saved].concat(navigator.languages || [], navigator.language || "");
    for (var i = 0; i < wishes.length; i += 1) {
      var lang = String(wishes[i]).slice(0, 2).toLowerCase();
      if (lang === "en" || lang === "zh") return lang;
    }
    return "en";
  }

  /** @param {"old" | "missing" | "failed"} reason @param {string} [message] */
  function fail(reason, message) {
    if (said || isUp()) return;
    if (!document.body) {
      document.addEventListener("DOMContentLoaded", function () {
        fail(reason, message);
      });
      return;
    }
    var lang = language();
    /** @type {keyof typeof WORDS.en} */
    var key = location.protocol === "file:" ? "file" : window.origin === "null" ? "frame" : reason;
    said = document.createElement("p");
    said.id = "not-started";
    said.className = "not-started";
    said.lang = lang === "zh" ? "zh-CN" : lang;
    said.setAttribute("role", "alert");
    // A message that ends its sentence itself needs no second full stop.
    said.textContent = WORDS[lang][key].replace("{message}", String(message || "").replace(/[.。\s]+$/, ""));
    document.body.insertBefore(said, document.body.firstChild);
    root.setAttribute("data-failed", key);
    stop();
  }

  function stop() {
    var controls = document.querySelectorAll("button, input, select");
    for (var i = 0; i < controls.length; i += 1) {
      var control = /** @type {HTMLButtonElement} */ (controls[i]);
      if (!control.disabled) control.setAttribute("data-stopped", "startup");
      control.disabled = true;
    }
  }

  /** What failed was not what the page stands on. */
  function recover() {
    if (!said || !isUp()) return;
    if (said.parentNode) said.parentNode.removeChild(said);
    said = null;
    root.removeAttribute("data-failed");
    // What the page has stopped meanwhile (www/view/stuck.js) stays so.
    var stopped = document.querySelectorAll("[data-stopped=startup]");
    for (var i = 0; i < stopped.length; i += 1) {
      var control = /** @type {HTMLButtonElement} */ (stopped[i]);
      control.disabled = false;
      control.removeAttribute("data-stopped");
    }
  }

  /** @param {any} error @param {string} message */
  function thrown(error, message) {
    fail("failed", (error && error.message) || message || String(error));
  }

  window.addEventListener(
    "error",
    function (event) {
      var element = /** @type {any} */ (event.target);
      // A script that did not come; scripts that came and threw have the window for their target.
      if (element && element.tagName === "SCRIPT") fail("missing");
      // The browser's own word on a layout that settles a frame later: nothing failed.
      else if (element === window && !/^ResizeObserver loop/.test(event.message))
        thrown(event.error, event.message);
    },
    true,
  );
  window.addEventListener("unhandledrejection", function (event) {
    thrown(event.reason, "");
  });
  window.addEventListener("load", function () {
    // A browser that does not know modules passes over them in silence.
    if (!("noModule" in document.createElement("script"))) fail("old");
  });
  if (window.MutationObserver)
    new MutationObserver(recover).observe(root, { attributes: true, attributeFilter: ["data-phase"] });
})();
