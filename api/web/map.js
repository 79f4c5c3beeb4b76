// The interactive map. It reads the GeoJSON layers of the page and draws nothing else.
(() => {
  "use strict";
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const layers = read("muster-layers");
  const settings = read("muster-settings");
  const words = settings.words;
  const fill = (text, values) => text.replace(/\{(\w+)[^}]*\}/g, (all, key) => values[key] ?? all);

  // Colours that stay apart for colour-blind readers (after Okabe and Ito, and ColorBrewer).
  const COLORS = {
    covered_already: "#8fbfe0",
    covered_newly: "#0b5fa5",
    covered: "#3f8fc8",
    covered_partly: "#e5b93c",
    uncovered: "#d2601a",
    lost: "#a8477f",
    unknown: "#b9bfc4",
    empty: "#d9dcd6",
  };
  const BANDS = [
    [0.6, "#0b4a86"],
    [0.8, "#3b86c0"],
    [1, "#a6cbe6"],
    [1.4, "#f6c58c"],
    [2, "#dd7a2b"],
    [Infinity, "#8f3b0c"],
  ];
  const DISTRICTS = [
    "#4e79a7", "#f28e2b", "#76b7b2", "#e15759", "#59a14f",
    "#edc948", "#b07aa1", "#9c755f", "#ff9da7", "#86bcb6",
  ];
  const REASONS = {
    too_far: { color: "#5b2a00", dashArray: null },
    not_allowed: { color: "#6a1b5d", dashArray: "1 4" },
    lost_to_others: { color: "#a33c00", dashArray: "5 4" },
  };

  const minutes = (seconds) => {
    const whole = Math.round(seconds);
    return fill(words["map.time"], {
      minutes: Math.floor(whole / 60),
      seconds: String(whole % 60).padStart(2, "0"),
    });
  };
  const count = (value) => Math.round(value).toLocaleString("en-US");
  const element = (tag, text, name) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (name) made.className = name;
    return made;
  };
  const state = { view: "change", scenario: "" };

  // What one cell shows under the chosen view and scenario.
  const share = (cell, when) => {
    if (!settings[when]) return null;
    if (!state.scenario) return cell[`covered_${when}`];
    const time = cell.scenarios[state.scenario][`${when}_s`];
    return time !== null && time <= settings.within_s + 1e-6 ? 1 : 0;
  };
  const time = (cell, when) => {
    const scenarios = state.scenario ? [state.scenario] : settings.scenarios.map((one) => one.id);
    let sum = 0;
    let weight = 0;
    for (const id of scenarios) {
      const seconds = cell.scenarios[id][`${when}_s`];
      if (seconds === null) return null;
      sum += settings.scenario_weights[id] * seconds;
      weight += settings.scenario_weights[id];
    }
    return sum / weight;
  };
  const nearest = (cell, when) =>
    cell.scenarios[state.scenario || settings.scenarios[0].id][`nearest_${when}`];
  const plain = (covered) => {
    if (covered === null) return "unknown";
    if (covered >= 1) return "covered";
    return covered > 0 ? "covered_partly" : "uncovered";
  };
  const change = (before, after) => {
    if (before !== null && after !== null && after < before) return "lost";
    const now = plain(after);
    if (now !== "covered" || before === null) return now;
    return before >= 1 ? "covered_already" : "covered_newly";
  };
  const band = (seconds) => {
    if (seconds === null) return COLORS.unknown;
    return BANDS.find(([limit]) => seconds <= limit * settings.within_s)[1];
  };
  const districtColors = new Map();
  for (const one of layers.stations.features) {
    districtColors.set(one.properties.id, DISTRICTS[districtColors.size % DISTRICTS.length]);
  }
  const color = (cell) => {
    if (state.view === "change") return COLORS[change(share(cell, "before"), share(cell, "after"))];
    if (state.view === "after" || state.view === "before") return COLORS[plain(share(cell, state.view))];
    if (state.view === "district") return districtColors.get(nearest(cell, "after")) || COLORS.unknown;
    return band(time(cell, state.view.slice(5)));
  };

  const demand = layers.demand.features;
  const amounts = demand.map((one) => one.properties.weights[settings.weight] || 0).sort((a, b) => a - b);
  const most = amounts.length ? amounts[Math.floor(0.95 * (amounts.length - 1))] : 0;
  const style = (feature) => {
    const amount = feature.properties.weights[settings.weight] || 0;
    const empty = amount <= 0 && state.view !== "district";
    const strength = state.view === "district" ? 0.6 : 0.3 + 0.65 * Math.min(1, Math.sqrt(amount / (most || 1)));
    return {
      stroke: false,
      fillColor: empty ? COLORS.empty : color(feature.properties),
      fillOpacity: empty ? 0.5 : strength,
    };
  };

  const map = L.map("map", {
    preferCanvas: true,
    scrollWheelZoom: false,
    zoomSnap: settings.tiles ? 1 : 0.05,
    attributionControl: false,
  });
  map.on("focus click", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
  L.control.scale({ imperial: false }).addTo(map);

  const line = (list, name, value) => {
    if (value === null || value === undefined || value === "") return;
    list.append(element("dt", name), element("dd", value));
  };
  const titled = (title, illustrative) => {
    const box = element("div", undefined, "popup");
    const heading = element("strong", title);
    box.append(heading);
    if (illustrative) box.append(" ", element("span", words["report.illustrative"], "badge"));
    return box;
  };
  const arrow = (before, after) =>
    settings.before ? fill(words["map.before_after"], { before, after }) : after;
  const cellPopup = (feature) => {
    const cell = feature.properties;
    const box = titled(cell.area_name || cell.id, cell.illustrative);
    const list = element("dl");
    for (const [key, name] of Object.entries(settings.weight_names)) {
      if (cell.weights[key]) line(list, name, count(cell.weights[key]));
    }
    for (const one of settings.scenarios) {
      const found = cell.scenarios[one.id];
      const said = (seconds) => (seconds === null ? words["map.unreached"] : minutes(seconds));
      line(list, `${words["map.response"]} · ${one.name}`, arrow(said(found.before_s), said(found.after_s)));
    }
    const site = nearest(cell, "after");
    line(list, words["map.nearest"], site === null ? null : settings.site_names[site]);
    if (cell.uncovered_reason) line(list, words["map.reason"], words[`uncovered.${cell.uncovered_reason}`]);
    box.append(list);
    return box;
  };
  const stationPopup = (feature) => {
    const one = feature.properties;
    const box = titled(one.name, one.illustrative);
    const list = element("dl");
    line(list, words["map.action"], one.action_name || one.status);
    line(list, words["map.class"], one.class_name);
    line(list, words["map.on_duty"], one.on_duty_people === undefined ? null : one.on_duty_people);
    line(list, words["map.vehicles"], one.vehicles_text);
    line(list, words["map.owner"], one.owner);
    line(list, words["map.cut_off"], one.cut_off);
    box.append(list);
    return box;
  };

  const cells = L.geoJSON(layers.demand, {
    style,
    pointToLayer: (feature, at) => L.circleMarker(at, { radius: 4 }),
    onEachFeature: (feature, layer) => layer.bindPopup(() => cellPopup(feature), { maxWidth: 380 }),
  });
  const uncovered = L.geoJSON(layers.uncovered, {
    style: (feature) =>
      Object.assign({ fill: false, weight: 1.5, interactive: false }, REASONS[feature.properties.reason]),
    pointToLayer: (feature, at) => L.circleMarker(at, { radius: 6 }),
    interactive: false,
  });
  const marker = (kind) => (feature, at) => {
    const one = feature.properties;
    const order = Number.isInteger(one.order) ? String(one.order) : "";
    const size = kind === "opened" ? 26 : kind === "kept" ? 15 : kind === "closed" ? 13 : 9;
    const shape = one.class_id === "small" || one.class_id === "detachment" ? " small" : "";
    const mark = one.illustrative ? " illustrative" : "";
    const icon = L.divIcon({
      className: `pin ${kind}${shape}${mark}`,
      html: order,
      iconSize: [size, size],
    });
    const raised = { opened: 1000, kept: 500, closed: 200, candidate: 0 }[kind];
    const made = L.marker(at, { icon, title: one.name, alt: one.name, zIndexOffset: raised });
    return made.bindPopup(() => stationPopup(feature));
  };
  const some = (collection, keep, kind) =>
    L.geoJSON(collection, { filter: (feature) => keep(feature.properties), pointToLayer: marker(kind) });
  const areas = L.layerGroup(
    settings.areas.map((area) =>
      L.marker(area.at, {
        interactive: false,
        keyboard: false,
        icon: L.divIcon({ className: "area-label", html: element("span", area.name), iconSize: [160, 20] }),
      }),
    ),
  );
  const all = () => true;
  const DRAWN = {
    water: { color: "#7fb2d6", weight: 1, fillColor: "#b9d7ea", fillOpacity: 0.6 },
    forest: { color: "#9dbb92", weight: 0.5, fillColor: "#cfe0c6", fillOpacity: 0.6 },
    building: { color: "#a39b92", weight: 0.5, fillColor: "#d5cec6", fillOpacity: 0.7 },
    outline: { color: "#4a5560", weight: 1.5, dashArray: "6 4", fill: false },
    road: { color: "#77818b", weight: 1.5, fill: false },
    isochrones: { color: "#2e7d4f", weight: 1.5, fillOpacity: 0.08 },
    slowed_roads: { color: "#e08a00", weight: 3, fill: false },
    closed_roads: { color: "#c4161c", weight: 4, dashArray: "2 6", fill: false },
    cut_off: { color: "#6a0f49", weight: 2.5, fill: false },
  };
  const roadPopup = (one) =>
    titled([one.name, one.scenario_name].filter(Boolean).join(" · ") || words[`map.layer.${one.kind}`], one.illustrative);
  const cutOff = (feature, at) => {
    const { what, name } = feature.properties;
    if (what !== "site") return L.circleMarker(at, { radius: 6 });
    const icon = L.divIcon({ className: "pin cut-off", html: "×", iconSize: [20, 20] });
    return L.marker(at, { icon, title: name, alt: name, zIndexOffset: 1500 });
  };
  // The page's own shapes, kept beneath the cells; what is closed lies above them.
  const drawn = (key, keep = all, look = {}) =>
    L.geoJSON(layers[key] || [], {
      filter: (feature) => keep(feature.properties),
      style: (feature) => Object.assign({}, DRAWN[feature.properties.kind || key], look),
      pointToLayer: key === "cut_off" ? cutOff : (feature, at) => L.circleMarker(at, { radius: 4 }),
      onEachFeature: (feature, layer) => layer.bindPopup(() => roadPopup(feature.properties)),
    });
  const beneath = ["forest", "water", "building", "outline", "road"].map((kind) => [
    kind,
    drawn("backdrop", (one) => one.kind === kind),
    kind !== "building",
  ]);
  const beneathAll = L.layerGroup();
  if (settings.tiles) {
    const thanks = element("span", settings.tiles.attribution).innerHTML;
    L.control.attribution({ prefix: false }).addTo(map);
    beneathAll.addLayer(L.tileLayer(settings.tiles.url, { maxZoom: 19, attribution: thanks }));
  }
  const switches = [
    ["tiles", beneathAll, true],
    ...beneath,
    ["demand", cells, true],
    ["uncovered", uncovered, false],
    ["areas", areas, true],
    ["candidates", some(layers.candidates, all, "candidate"), false],
    ["closed", some(layers.closed, all, "closed"), true],
    ["existing", some(layers.stations, (one) => one.action === "keep", "kept"), true],
    ["opened", some(layers.stations, (one) => one.action !== "keep", "opened"), true],
  ];
  const box = document.getElementById("map-layers");
  const turn = (input, layer, shown) => {
    input.checked = shown;
    if (shown) map.addLayer(layer);
    else map.removeLayer(layer);
  };
  const switchFor = (place, key, layer, shown, id) => {
    const label = element("label");
    const input = element("input");
    input.type = "checkbox";
    input.id = id;
    input.addEventListener("change", () => {
      turn(input, layer, input.checked);
      legend();
    });
    label.append(input, " ", words[`map.layer.${key}`]);
    place.append(label);
    turn(input, layer, shown);
    return input;
  };
  for (const [key, layer, shown] of switches) {
    if (layer.getLayers().length > 0) switchFor(box, key, layer, shown, `layer-${key}`);
  }
  const ofScenarios = musterScenarios({ settings, layers, state, DRAWN, drawn, element, box, switchFor, turn });

  const choices = (id, options, chosen) => {
    const select = document.getElementById(id);
    for (const [value, name] of options) {
      const option = element("option", name);
      option.value = value;
      select.append(option);
    }
    select.value = chosen;
    select.addEventListener("change", () => {
      state[id.slice(4)] = select.value;
      if (id === "map-scenario") ofScenarios.turn();
      cells.setStyle(style);
      legend();
    });
  };
  const needs = { change: "before", after: "after", before: "before", time_after: "after", time_before: "before" };
  const views = ["change", "after", "before", "time_after", "time_before", "district"].filter(
    (view) => !(view in needs) || settings[needs[view]],
  );
  state.view = views[0];
  choices("map-view", views.map((view) => [view, words[`map.view.${view}`]]), state.view);
  choices(
    "map-scenario",
    [["", words["map.scenario.all"]], ...settings.scenarios.map((one) => [one.id, one.name])],
    "",
  );
  cells.setStyle(style);
  if (demand.length === 0) {
    for (const id of ["map-view", "map-scenario"]) document.getElementById(id).parentElement.hidden = true;
  }

  const legend = () => {
    const place = document.getElementById("map-legend");
    const list = element("ul", undefined, "legend");
    const item = (background, text, name = "swatch") => {
      const swatch = element("i", undefined, name);
      if (background) swatch.style.background = background;
      const entry = element("li");
      entry.append(swatch, text);
      list.append(entry);
    };
    if (demand.length === 0) {
      // Only stations are drawn; no colour has a meaning.
    } else if (state.view.startsWith("time")) {
      BANDS.forEach(([limit, background], index) => {
        const last = limit === Infinity;
        const edge = last ? BANDS[index - 1][0] : limit;
        const said = minutes(edge * settings.within_s);
        item(background, fill(words[last ? "map.over" : "map.up_to"], { value: said }));
      });
    } else if (state.view !== "district") {
      const kinds =
        state.view === "change"
          ? ["covered_already", "covered_newly", "covered_partly", "uncovered", "lost"]
          : ["covered", "covered_partly", "uncovered"];
      for (const kind of kinds) item(COLORS[kind], words[`map.${kind}`]);
    }
    if (state.view !== "district" && demand.length > 0) {
      item(null, fill(words["map.faint"], { weight: settings.weight_names[settings.weight] || settings.weight }), "swatch faint");
    }
    if (document.getElementById("layer-uncovered")?.checked) {
      const shown = new Set(layers.uncovered.features.map((one) => one.properties.reason));
      for (const reason of shown) item(null, words[`uncovered.${reason}`], `swatch outline ${reason}`);
    }
    for (const key of Object.keys(DRAWN)) {
      const { color: edge, fillColor } = DRAWN[key];
      if (document.getElementById(`layer-${key}`)?.checked) item(fillColor || edge, words[`map.layer.${key}`]);
    }
    for (const { key, color: edge, scenario } of ofScenarios.shown()) {
      const marks = key === "cut_off";
      const text = words[marks ? "map.cut_off_marks" : `map.layer.${key}`];
      item(marks ? null : edge, `${text} · ${scenario.name}`, marks ? "dot cut-off" : "swatch");
    }
    item(null, words["map.layer.existing"], "dot kept");
    item(null, words["map.layer.opened"], "dot opened");
    item(null, words["map.dashed"], "dot opened illustrative");
    if (settings.illustrative) list.append(element("li", words["report.illustrative"], "badge"));
    place.replaceChildren(list);
  };
  const bounds = L.latLngBounds([]);
  for (const [key, layer] of Object.entries(layers)) {
    if (layer.bbox && key !== "backdrop") bounds.extend([[layer.bbox[1], layer.bbox[0]], [layer.bbox[3], layer.bbox[2]]]);
  }
  const fit = () => map.fitBounds(bounds, { padding: [12, 12], maxZoom: 17 });
  document.getElementById("map-fit").addEventListener("click", fit);
  document.getElementById("map-controls").addEventListener("submit", (event) => event.preventDefault());
  // A container that is not shown has no size to fit into; it is fitted once it is shown.
  const shown = new ResizeObserver(() => {
    map.invalidateSize();
    if (map.getSize().x === 0) return;
    shown.disconnect();
    fit();
  });
  if (map.getSize().x > 0) fit();
  else shown.observe(map.getContainer());
  legend();
})();
