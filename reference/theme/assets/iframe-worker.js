// The search of the theme, for Chinese and for pages opened from a folder. The name is the one the offline plugin looks for.

// The index holds single Chinese characters: a page is found when it has all of those that were typed, not just one.
const QUERY = 2;
const askForAll = (message) =>
  message.type === QUERY ? { ...message, data: message.data.replace(/[\u3400-\u9fff]/g, " +$& ") } : message;

// Browsers start no workers in pages that were opened from a folder. There the search runs in a hidden frame instead.
class FrameWorker extends EventTarget {
  constructor(address) {
    super();
    const frame = document.createElement("iframe");
    frame.hidden = true;
    document.body.appendChild(frame);
    const page = frame.contentDocument;
    page.open();
    page.write("<!DOCTYPE html><title>search</title><body></body>");
    page.close();
    this.frame = frame;
    frame.contentWindow.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
    this.ready = new Promise((loaded, failed) => {
      const script = page.createElement("script");
      script.onload = loaded;
      script.onerror = failed;
      script.src = address;
      page.body.appendChild(script);
    });
  }
  async postMessage(message) {
    await this.ready;
    const inner = this.frame.contentWindow;
    inner.dispatchEvent(new inner.MessageEvent("message", { data: structuredClone(askForAll(message)) }));
  }
  terminate() {
    this.frame.remove();
  }
}

if (location.protocol === "file:") {
  window.IFrameWorker = window.Worker = FrameWorker;
} else {
  window.Worker = class extends Worker {
    postMessage(message) {
      super.postMessage(askForAll(message));
    }
  };
}
