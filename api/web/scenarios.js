// Layers of their own for each state of the roads: what it closes, slows and cuts off, and how far
// stations reach in it. Closed roads have a colour for each scenario.
const musterScenarios = (page) => {
  "use strict";
  const { settings, layers, state, DRAWN, drawn, element, box, switchFor, turn } = page;
  const CLOSED = ["#c4161c", "#7a1fa2", "#8a4b00", "#00695c"];
  const closing = settings.scenarios.filter((one) =>
    (layers.closed_roads?.features || []).some((feature) => feature.properties.scenario === one.id),
  );
  const made = [];
  settings.scenarios.forEach((scenario, index) => {
    const group = element("span", undefined, "of-scenario");
    group.append(element("b", scenario.name));
    const closed = CLOSED[Math.max(closing.indexOf(scenario), 0) % CLOSED.length];
    for (const key of ["isochrones", "slowed_roads", "closed_roads", "cut_off"]) {
      const look = key === "closed_roads" ? { color: closed } : {};
      const layer = drawn(key, (one) => one.scenario === scenario.id, look);
      if (layer.getLayers().length === 0) continue;
      const input = switchFor(group, key, layer, key !== "isochrones", `layer-${key}-${index}`);
      made.push({ key, scenario, layer, input, color: look.color || DRAWN[key].color });
    }
    if (group.childElementCount > 1) box.append(group);
  });
  return {
    shown: () => made.filter((one) => one.input.checked),
    // Whoever looks at one scenario sees what that one does; whether reach is drawn stays a choice.
    turn: () => {
      const reach = made.some((one) => one.key === "isochrones" && one.input.checked);
      for (const one of made) {
        const ours = !state.scenario || one.scenario.id === state.scenario;
        const isochrones = state.scenario ? reach : one.input.checked;
        turn(one.input, one.layer, ours && (one.key !== "isochrones" || isochrones));
      }
    },
  };
};
