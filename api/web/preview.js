// The preview's map: the user's layers, and the points under every reading of their numbers.
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const COLORS = { wgs84: "#0b5fa5", gcj02: "#d2601a", bd09: "#7a3f98" };
  const map = L.map("map", { attributionControl: false, preferCanvas: false });
  L.control.scale({ imperial: false }).addTo(map);
  const drawn = L.geoJSON(
    data.shapes.map((shape) => ({ type: "Feature", properties: shape, geometry: shape.geometry })),
    {
      interactive: false,
      style: ({ properties }) =>
        properties.kind === "road"
          ? { color: "#7d8891", weight: 1.5 }
          : { color: "#1c2733", weight: 2, fillColor: "#e9edf0", fillOpacity: 0.6 },
    },
  ).addTo(map);
  const bounds = L.latLngBounds([]);
  const groups = new Map();
  const place = ([lon, lat]) => [lat, lon];
  for (const reading of data.readings) {
    const group = L.layerGroup().addTo(map);
    groups.set(reading.key, group);
    reading.positions.forEach((position, index) => {
      const strong = reading.declared || reading.better;
      const label = document.createElement("span");
      label.textContent = `${data.names[index]} – ${reading.name}`;
      L.circleMarker(place(position), {
        radius: strong ? 5 : 3.5,
        color: "#ffffff",
        weight: 1,
        fillColor: COLORS[reading.key],
        fillOpacity: strong ? 0.95 : 0.55,
      })
        .bindTooltip(label)
        .addTo(group);
      bounds.extend(place(position));
    });
  }
  const declared = data.readings.find((one) => one.declared);
  const better = data.readings.find((one) => one.better);
  if (declared && better) {
    declared.positions.forEach((position, index) => {
      const ends = [place(position), place(better.positions[index])];
      const style = { color: "#9a1c1c", weight: 1, dashArray: "3 3", interactive: false };
      L.polyline(ends, style).addTo(groups.get(better.key));
    });
  }
  const whole = bounds.isValid() ? bounds : drawn.getBounds();
  if (whole.isValid()) map.fitBounds(whole, { padding: [24, 24], maxZoom: 17, animate: false });
  else map.setView([0, 0], 1);
  for (const box of document.querySelectorAll("input[data-reading]")) {
    box.addEventListener("change", () => {
      const group = groups.get(box.dataset.reading);
      if (box.checked) group.addTo(map);
      else group.remove();
    });
  }
})();
