"use strict";
// Sends what the forms of this page hold to the service that the page came from, and shows what comes back.
(() => {
  const SHOWN = 200000;
  const base = location.pathname.replace(/docs\/?$/, "");
  const words = document.body.dataset;

  function address(form) {
    let path = form.dataset.path.slice(1);
    const query = new URLSearchParams();
    for (const field of form.querySelectorAll("[data-in]")) {
      const value = field.value.trim();
      if (field.dataset.in === "path") path = path.replace(`{${field.name}}`, encodeURIComponent(value));
      else if (value) query.append(field.name, value);
    }
    return base + path + (query.size ? `?${query}` : "");
  }

  function headersOf(form) {
    const headers = new Headers();
    for (const line of form.elements.headers.value.split("\n")) {
      const [name, ...rest] = line.split(":");
      if (name.trim() && rest.length) headers.append(name.trim(), rest.join(":").trim());
    }
    if (form.elements.body && !headers.has("content-type")) headers.set("content-type", "application/json");
    return headers;
  }

  async function shown(response) {
    const type = response.headers.get("content-type") ?? "";
    const told = ["location", "etag", "retry-after", "preference-applied", "x-request-id"]
      .filter((name) => response.headers.has(name)).map((name) => `${name}: ${response.headers.get(name)}`);
    const head = [`${response.status} ${response.statusText}`.trim(), `content-type: ${type}`, ...told].join("\n");
    if (!/json|text\/(plain|csv|event-stream)/.test(type)) {
      const blob = await response.blob();
      if (!blob.size) return [head];
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1] ?? "answer.html";
      link.textContent = `${words.save} (${blob.size} B)`;
      return [`${head}\n\n`, link];
    }
    const text = await response.text();
    let said = text;
    try { said = JSON.stringify(JSON.parse(text), null, 2); } catch { /* no JSON: as it is */ }
    return [`${head}\n\n${said.slice(0, SHOWN)}${said.length > SHOWN ? "\n…" : ""}`];
  }

  for (const form of document.querySelectorAll("form")) {
    const output = form.querySelector("pre");
    const choose = () => {
      const chosen = form.elements.example.selectedOptions[0];
      form.elements.body.value = chosen.dataset.body;
      if (form.elements.process_id) form.elements.process_id.value = chosen.value;
    };
    if (form.elements.example) {
      form.elements.example.addEventListener("change", choose);
      choose();
    }
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = form.querySelector("button");
      button.disabled = true;
      output.hidden = false;
      output.textContent = "…";
      try {
        const body = form.elements.file?.files[0] ?? form.elements.body?.value;
        const sent = { method: form.dataset.method, headers: headersOf(form), body: body || undefined };
        output.replaceChildren(...await shown(await fetch(address(form), sent)));
      } catch (error) {
        output.textContent = String(error);
      } finally {
        button.disabled = false;
      }
    });
  }
})();
