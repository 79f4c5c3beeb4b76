"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const WORDS = JSON.parse(at("words").textContent);
  const ENDED = new Set(["successful", "failed", "dismissed"]);
  const SHOWN_FAULTS = 500;
  const state = {
    language: document.documentElement.dataset.language,
    file: null,       // what was brought: {blob, workbook}
    request: null,    // what can be solved
    process: null,    // what solves it
    job: null,        // the job watched: {id, status, points}
    stream: null,
    picked: [],       // jobs to compare, the first is the base
    compared: null,
    titles: {},       // of processes, by language
  };

  // --- words -------------------------------------------------------------------------------
  const say = (code, values = {}) =>
    WORDS[state.language][code].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const tag = () => (state.language === "zh" ? "zh-Hans" : "en");
  const number = (value, digits = 2) =>
    value === null || value === undefined ? "–"
      : new Intl.NumberFormat(tag(), { maximumFractionDigits: Math.abs(value) >= 10000 ? 0 : digits }).format(value);
  const short = (id) => id.slice(0, 8);

  function translate() {
    document.documentElement.lang = tag();
    document.title = say("page.title");
    for (const one of document.querySelectorAll("[data-say]")) one.textContent = say(one.dataset.say);
    for (const one of document.querySelectorAll("[data-label]")) one.setAttribute("aria-label", say(one.dataset.label));
    for (const one of document.querySelectorAll("[data-to]"))
      one.setAttribute("aria-pressed", String(one.dataset.to === state.language));
  }

  function element(kind, text = "", attributes = {}) {
    const made = document.createElement(kind);
    made.textContent = text;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }

  function announce(place, text, kind) {
    place.textContent = text;
    place.className = `banner ${kind}`;
    place.hidden = !text;
  }

  // --- the service -------------------------------------------------------------------------
  async function ask(path, options = {}) {
    const headers = { "accept-language": tag(), accept: "application/json", ...options.headers };
    let response;
    try {
      response = await fetch(path, { ...options, headers });
    } catch {
      throw { title: say("page.unreachable"), errors: [] };
    }
    if (!response.ok) {
      if (response.status === 401) at("key-form").hidden = false;
      const problem = await response.json().catch(() => ({ title: say("page.unreachable") }));
      throw { errors: [], ...problem };
    }
    return response;
  }

  async function attempt(work) {
    announce(at("trouble"), "", "bad");
    try {
      await work();
    } catch (problem) {
      if (problem instanceof Error) throw problem;
      const more = problem.errors.slice(0, 3).map((one) => `${one.path}: ${one.need}`);
      announce(at("trouble"), [problem.title, ...more].join("\n"), "bad");
    }
  }

  function save(blob, name) {
    const link = element("a", "", { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  // --- the question ------------------------------------------------------------------------
  async function check() {
    announce(at("verdict"), say("page.checking"), "");
    at("go").hidden = at("faults").hidden = at("notes").hidden = at("doubts").hidden = true;
    const file = state.file;
    let found;
    try {
      found = await (await ask("v1/workbooks", { method: "POST", body: file.blob })).json();
    } catch (problem) {
      if (problem instanceof Error) throw problem;
      if (state.file !== file) return;
      const faults = problem.errors;
      const text = faults.length ? say("page.bad", { number: number(faults.length) }) : problem.title;
      state.request = null;
      announce(at("verdict"), text, "bad");
      showFaults(faults, file.workbook);
      return;
    }
    if (state.file !== file) return;  // another one was brought meanwhile
    state.request = found.request;
    state.process = found.process;
    const values = { name: found.name, points: number(found.demand_points), sites: number(found.sites) };
    const stations = found.kind === "fire_stations" ? "page.good" : "page.good_other";
    const told = [say(found.demand_points === null ? "page.good_matrix" : stations, values)];
    if (found.request.illustrative) told.push(say("page.illustrative"));
    if (found.errors.length) told.push(say("page.dropped", { number: number(found.dropped) }));
    announce(at("verdict"), told.join(state.language === "zh" ? "" : " "), found.errors.length ? "warn" : "good");
    showFaults(found.errors, file.workbook);
    at("notes").hidden = !found.notes.length;
    at("note-rows").replaceChildren(...found.notes.map((one) => element("li", one)));
    at("notes").open = Boolean(found.doubts.length);  // a shift of half a kilometre is not to be overlooked
    at("doubts").hidden = !found.doubts.length;
    at("doubts").replaceChildren(...found.doubts.map((places) => {
      const button = element("button", say("page.draw", { places }), { type: "button", "data-draw": places });
      button.addEventListener("click", () => attempt(async () => {
        const path = `v1/workbooks/preview?places=${encodeURIComponent(places)}`;
        const made = await ask(path, { method: "POST", body: file.blob, headers: { accept: "text/html, application/json" } });
        save(await made.blob(), `${places}-preview.html`);
      }));
      return button;
    }));
    at("time").hidden = found.time_limit_s === null;  // it has a deadline of its own
    if (found.time_limit_s) at("limit").value = Math.ceil(found.time_limit_s);
    at("go").hidden = false;
  }

  function showFaults(faults, workbook) {
    at("faults").hidden = !faults.length;
    at("marked").hidden = !workbook;
    const rows = faults.slice(0, SHOWN_FAULTS).map((one) => {
      const cell = one.path.match(/^(.*)!([A-Z]{1,3}\d+)$/);
      const row = element("tr");
      for (const text of [cell ? cell[1] : one.path, cell ? cell[2] : "", one.value ?? "", one.need])
        row.append(element("td", text, { class: "word" }));
      return row;
    });
    if (faults.length > SHOWN_FAULTS) {
      const row = element("tr");
      row.append(element("td", say("page.more", { number: number(faults.length - SHOWN_FAULTS) }), { colspan: "4" }));
      rows.push(row);
    }
    at("fault-rows").replaceChildren(...rows);
  }

  async function bring(blob) {
    const head = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
    state.file = { blob, workbook: head[0] === 0x50 && head[1] === 0x4b };
    await attempt(check);
  }

  async function start() {
    const limits = { ...state.request.limits, time_limit_s: Number(at("limit").value) };
    const asked = at("time").hidden ? state.request : { ...state.request, limits };
    const body = JSON.stringify({ inputs: { request: asked } });
    at("start").disabled = true;
    try {
      const headers = { prefer: "respond-async", "content-type": "application/json" };
      const path = `v1/processes/${state.process}/execution`;
      const job = await (await ask(path, { method: "POST", body, headers })).json();
      watch(job);
      at("watch").scrollIntoView();
      await list();
    } finally {
      at("start").disabled = false;
    }
  }

  // --- the solve ---------------------------------------------------------------------------
  function watch(job) {
    state.stream?.close();
    state.job = { ...job, points: [], levels: [] };
    history.replaceState(null, "", `#job=${job.jobID}`);
    at("watch").hidden = false;
    at("summary").hidden = true;
    at("summary").dataset.of = "";
    showJob();
    const stream = new EventSource(`v1/jobs/${job.jobID}/events`);
    state.stream = stream;
    stream.addEventListener("incumbent", (event) => {
      state.job.points.push(JSON.parse(event.data));
      showJob();
    });
    // What else happens is told by the status; when the stream ends the job has.
    for (const kind of ["state", "error"])
      stream.addEventListener(kind, () => attempt(() => look(stream)));
    attempt(() => look(stream));
    attempt(learnLevels);
  }

  async function look(stream) {
    const id = state.job.jobID;
    const found = await (await ask(`v1/jobs/${id}`)).json();
    if (state.job.jobID !== id || state.stream !== stream) return;
    const ended = ENDED.has(found.status) && !ENDED.has(state.job.status);
    Object.assign(state.job, found);
    if (ENDED.has(found.status)) stream.close();
    showJob();
    if (found.status === "successful") await summarize(id);
    if (ended) await list();
  }

  async function summarize(id) {
    const asked = `${id} ${state.language}`;
    if (at("summary").dataset.of === asked) return;
    const told = await (await ask(`v1/jobs/${id}/results?f=text&lang=${state.language}`, { headers: { accept: "text/plain, application/json" } })).text();
    if (state.job?.jobID !== id) return;
    at("summary").dataset.of = asked;
    at("summary").textContent = told;
    at("summary").hidden = false;
  }

  function stateOf(job) {
    if (job.status === "running" && job.stop_asked) return say("page.stopping");
    const parts = [say(`page.state.${job.status}`)];
    if (job.termination) parts.push(say(`page.end.${job.termination}`));
    if (job.status === "accepted" && job.ahead) parts.push(say("page.ahead", { number: number(job.ahead) }));
    if (job.message) parts.push(job.message);
    return parts.join(state.language === "zh" ? "，" : ", ");
  }

  function levelOf(level) {
    if (level === undefined) return "–";
    const name = state.job.levels[level];
    const values = { number: number(level + 1), levels: number(state.job.levels.length), name };
    return name ? say("page.level_named", values) : number(level + 1);
  }

  async function learnLevels() {
    const job = state.job;
    job.levels = (await (await ask(`page/jobs/${job.jobID}/levels`)).json()).levels;
    if (state.job === job) showJob();
  }

  function showJob() {
    const job = state.job;
    const best = job.points.at(-1) ?? {};
    const ended = ENDED.has(job.status);
    at("job-name").textContent = short(job.jobID);
    at("job-state").textContent = stateOf(job);
    at("job-level").textContent = levelOf(best.level);
    at("job-objective").textContent = number(best.objective);
    at("job-bound").textContent = number(best.bound);
    at("job-gap").textContent = best.gap === null || best.gap === undefined ? "–" : `${number(100 * best.gap)} %`;
    at("job-elapsed").textContent = best.elapsed_s === undefined ? "–" : say("page.seconds", { number: number(best.elapsed_s, 1) });
    // A question of moments tells no improvements.
    for (const one of [at("progress"), ...document.querySelectorAll("[data-progress]")])
      one.hidden = ended && !job.points.length;
    at("under-way").hidden = ended;
    at("stop").disabled = Boolean(job.stop_asked) || job.status === "accepted";
    at("results").hidden = job.status !== "successful";
    const results = `v1/jobs/${job.jobID}/results`;
    at("report").href = `${results}?f=html&lang=${state.language}`;
    for (const link of document.querySelectorAll("[data-format]"))
      link.href = `${results}?f=${link.dataset.format}&lang=${state.language}`;
    draw(job.points.filter((one) => one.level === best.level));
  }

  function draw(points) {
    const chart = at("chart");  // in the units of its view box
    const line = (kind, attributes, text = "") => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", kind);
      for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
      made.textContent = text;
      return made;
    };
    const values = points.flatMap((one) => [one.objective, one.bound]).filter((one) => Number.isFinite(one));
    if (!values.length) return chart.replaceChildren();
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const [from, to] = [points[0].elapsed_s, points.at(-1).elapsed_s];
    const x = (time) => 90 + (530 * (time - from)) / (to - from || 1);
    const y = (value) => (high > low ? 125 - (105 * (value - low)) / (high - low) : 70);
    const steps = (name) => points.filter((one) => Number.isFinite(one[name]))
      .map((one, place) => (place ? `H${x(one.elapsed_s)}V${y(one[name])}` : `M${x(one.elapsed_s)},${y(one[name])}`)).join("") || "M0,0";
    const path = (name) => (points.length > 1 ? steps(name) : `${steps(name)}h530`);
    chart.replaceChildren(
      line("path", { class: "axis", d: "M90,10V130H620", fill: "none" }),
      line("path", { class: "limit", d: path("bound") }),
      line("path", { class: "best", d: path("objective") }),
      line("text", { x: 84, y: y(high) + 4, "text-anchor": "end" }, number(high, 1)),
      ...(high > low ? [line("text", { x: 84, y: y(low) + 4, "text-anchor": "end" }, number(low, 1))] : []),
      line("text", { x: 90, y: 148 }, say("page.seconds", { number: number(from, 1) })),
      line("text", { x: 620, y: 148, "text-anchor": "end" }, say("page.seconds", { number: number(to, 1) })),
    );
  }

  async function end(id, options) {
    const left = await (await ask(`v1/jobs/${id}${options.path ?? ""}`, { method: options.method })).json();
    if (state.job?.jobID === id) {
      Object.assign(state.job, left);
      showJob();
    }
    await list();
  }

  // --- all jobs ----------------------------------------------------------------------------
  async function list() {
    const { jobs } = await (await ask("v1/jobs?limit=50")).json();
    await learnTitles();
    const known = new Set(jobs.map((one) => one.jobID));
    state.picked = state.picked.filter((id) => known.has(id));
    at("jobs").hidden = !jobs.length;
    at("no-jobs").hidden = Boolean(jobs.length);
    at("job-rows").replaceChildren(...jobs.map(rowOf));
    at("compare").disabled = state.picked.length !== 2;
  }

  async function learnTitles() {
    if (state.titles[state.language]) return;
    const { processes } = await (await ask("v1/processes")).json();
    state.titles[state.language] = Object.fromEntries(processes.map((one) => [one.id, one.title]));
  }

  function rowOf(job) {
    const row = element("tr", "", job.jobID === state.job?.jobID ? { class: "shown" } : {});
    const name = short(job.jobID);
    const pick = element("input", "", { type: "checkbox", "aria-label": say("page.pick", { name }), "data-pick": job.jobID });
    pick.checked = state.picked.includes(job.jobID);
    pick.disabled = job.status !== "successful";
    pick.addEventListener("change", () => {
      state.picked = state.picked.filter((id) => id !== job.jobID);
      if (pick.checked) state.picked.push(job.jobID);
      at("compare").disabled = state.picked.length !== 2;
    });
    const show = element("button", say("page.show"), { type: "button", class: "plain", "data-show": job.jobID });
    show.addEventListener("click", () => { watch(job); at("watch").scrollIntoView(); attempt(list); });
    const gone = element("button", say(ENDED.has(job.status) ? "page.forget" : "page.dismiss"), { type: "button", class: "plain" });
    gone.addEventListener("click", () => attempt(() => forget(job)));
    const title = state.titles[state.language][job.processID] ?? job.processID;
    const cells = [element("td"), element("td", name), element("td", title), element("td", new Date(job.created).toLocaleString(tag())),
      element("td", stateOf(job), { class: "state" }), element("td")];
    const both = element("div", "", { class: "pair" });
    both.append(show, gone);
    cells[0].append(pick);
    cells.at(-1).append(both);
    row.append(...cells);
    return row;
  }

  async function forget(job) {
    await end(job.jobID, { method: "DELETE" });
    if (ENDED.has(job.status) && state.job?.jobID === job.jobID) {
      state.stream.close();
      state.job = null;
      at("watch").hidden = true;
      history.replaceState(null, "", location.pathname);
    }
  }

  async function compare() {
    const body = JSON.stringify({ jobs: state.compared });
    const { figures } = await (await ask("v1/comparisons", { method: "POST", body })).json();
    const names = state.compared.map((id, place) =>
      place ? short(id) : say("page.base", { name: short(id) }));
    at("comparison-heads").replaceChildren(element("td"), ...names.map((one) => element("th", one, { scope: "col" })));
    at("comparison-rows").replaceChildren(...figures.map(({ title, text }) => {
      const row = element("tr");
      row.append(element("th", title, { scope: "row" }), ...text.map((one) => element("td", one, { class: "word" })));
      return row;
    }));
    at("comparison").hidden = false;
  }

  // --- what people do ----------------------------------------------------------------------
  const drop = at("drop");
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"])
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", kind === "dragenter" || kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) bring(event.dataTransfer.files[0]);
    });
  for (const kind of ["dragover", "drop"])  // a file dropped beside the mark does not replace the page
    document.addEventListener(kind, (event) => event.preventDefault());
  at("file").addEventListener("change", (event) => {
    if (event.target.files.length) bring(event.target.files[0]);
    event.target.value = "";  // so that the same file, mended, can be chosen again
  });
  at("example").addEventListener("click", () => attempt(async () => {
    announce(at("verdict"), say("page.checking"), "");
    bring(await (await ask("v1/examples/pingshan-fire-stations")).blob());
  }));
  at("marked").addEventListener("click", () => attempt(async () => {
    const made = await ask("v1/workbooks/faults", { method: "POST", body: state.file.blob });
    save(await made.blob(), "workbook-faults.xlsx");
  }));
  at("key-form").addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(async () => {
      await ask("page/key", { method: "POST", body: JSON.stringify({ key: at("key").value }) });
      at("key").value = "";
      at("key-form").hidden = true;
      await list();
    });
  });
  at("start").addEventListener("click", () => attempt(start));
  at("stop").addEventListener("click", () => attempt(() => end(state.job.jobID, { method: "POST", path: "/stop" })));
  at("dismiss").addEventListener("click", () => attempt(() => end(state.job.jobID, { method: "DELETE" })));
  at("refresh").addEventListener("click", () => attempt(list));
  at("compare").addEventListener("click", () => attempt(async () => {
    state.compared = [...state.picked];
    await compare();
    at("comparison-title").focus();
  }));
  for (const one of document.querySelectorAll("[data-to]"))
    one.addEventListener("click", () => attempt(async () => {
      state.language = one.dataset.to;
      translate();
      history.replaceState(null, "", `?lang=${state.language}${location.hash}`);
      if (state.job) await learnLevels();
      if (state.job?.status === "successful") await summarize(state.job.jobID);
      await list();
      if (state.compared) await compare();
      if (state.file) await check();
    }));

  attempt(async () => {
    const shown = location.hash.match(/^#job=([\w-]+)$/);
    if (shown) watch(await (await ask(`v1/jobs/${shown[1]}`)).json());
    await list();
  });
})();
