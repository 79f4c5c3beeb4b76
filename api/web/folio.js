// A map of whatever layers the page holds: points, lines and areas, with what they say of themselves.
(() => {
  "use strict";
  const page = JSON.parse(document.getElementById("folio-layers").textContent);
  // Colours that stay apart for colour-blind readers (after Okabe and Ito).
  const COLORS = ["#0b5fa5", "#d2601a", "#2a8f6d", "#a8477f", "#b8860b", "#56616b"];
  const QUIET = { candidates: "#9aa3ab", walks: "#7d8b97", service: "#7d8b97", orders: "#1c2733" };
  const CROWD = 200; // features of a layer, beyond which points are drawn small
  const BACKDROP = { water: "#cfe3f1", forest: "#dcebd7", road: "#d5d2c8", outline: "#8d979f" };
  const plane = page.plane ? { crs: L.CRS.Simple, minZoom: -12 } : {};
  const map = L.map("folio-map", { attributionControl: false, preferCanvas: true, ...plane });
  const under = L.geoJSON(
    { type: "FeatureCollection", features: page.backdrop },
    { interactive: false, style: (one) => ({ color: BACKDROP[one.properties.kind] ?? "#c3cad0", weight: 1, fillOpacity: 0.35 }) },
  ).addTo(map);
  const said = (key, value) => {
    if (value === true || value === false) return value ? page.yes : page.no;
    return page.values[key]?.[value] ?? String(value);
  };
  const told = (properties) => {
    const list = document.createElement("dl");
    for (const [key, value] of Object.entries(properties)) {
      if (value === null || value === "") continue;
      if (typeof value === "object" && !Object.keys(value).length) continue;
      const term = document.createElement("dt");
      term.textContent = page.fields[key] ?? key;
      const text = document.createElement("dd");
      if (typeof value === "object") {
        text.textContent = Object.entries(value).map(([name, one]) => `${name}: ${one.toLocaleString("en-US")}`).join("; ");
      } else text.textContent = typeof value === "number" ? value.toLocaleString("en-US") : said(key, value);
      list.append(term, text);
    }
    return list;
  };
  const shown = {};
  let anyOpen = false;
  const bounds = L.latLngBounds([]);
  page.layers.forEach((layer, index) => {
    const color = QUIET[layer.key] ?? COLORS[index % COLORS.length];
    const open = (one) =>
      one.properties.served === false || Object.values(one.properties.unmet ?? {}).some((people) => people > 0);
    const point = (one) => ({
      radius: layer.data.features.length > CROWD ? 3 : layer.key === "blocks" ? 4 : 7, color: open(one) ? "#9a1c1c" : color,
      weight: open(one) ? 3 : 1.5, fillColor: color, fillOpacity: 0.75,
    });
    // Each round in a colour of its own: lines of several teams cross.
    const line = (one) => ({
      color: layer.key === "rounds" ? COLORS[layer.data.features.indexOf(one) % COLORS.length] : color,
      weight: ["walks", "service"].includes(layer.key) ? 1 : 2, fillOpacity: 0.25,
    });
    const made = L.geoJSON(layer.data, {
      style: (one) => (one.geometry.type === "Point" ? point(one) : line(one)),
      pointToLayer: (one, at) => L.circleMarker(at, point(one)),
      onEachFeature: (one, drawn) => drawn.bindPopup(() => told(one.properties)),
    }).addTo(map);
    if (made.getBounds().isValid()) bounds.extend(made.getBounds());
    const key = document.createElement("span");
    key.style.cssText = `display:inline-block;width:12px;height:12px;border-radius:6px;margin-right:6px;background:${color}`;
    const label = document.createElement("span");
    label.textContent = layer.name;
    anyOpen ||= layer.data.features.some(open);
    shown[key.outerHTML + label.outerHTML] = made;
  });
  const legend = L.control.layers(null, shown, { collapsed: false }).addTo(map).getContainer();
  if (anyOpen) {
    const said = document.createElement("p");
    const ring = document.createElement("span");
    ring.style.cssText = "display:inline-block;width:8px;height:8px;border:3px solid #9a1c1c;border-radius:7px;margin:0 6px 0 20px";
    said.style.margin = "4px 0 0";
    said.append(ring, page.open);
    legend.append(said);
  }
  L.control.scale({ imperial: false }).addTo(map);
  const nearest = 17; // a single place would be shown infinitely near
  map.fitBounds(bounds.isValid() ? bounds.pad(0.05) : under.getBounds(), { maxZoom: nearest });
})();
