// Draws the plots; the figures stand in the page as JSON.
(() => {
  "use strict";
  const figures = JSON.parse(document.getElementById("muster-plots").textContent);
  const font = getComputedStyle(document.body).fontFamily;
  const grid = { gridcolor: "#e3e7ea", zerolinecolor: "#c3cad0", automargin: true };
  for (const figure of figures) {
    const place = document.getElementById(`plot-${figure.id}`);
    const layout = Object.assign(
      {
        font: { family: font, size: 14, color: "#1c2733" },
        margin: { l: 12, r: 24, t: 28, b: 12 },
        height: 360,
        paper_bgcolor: "rgba(0,0,0,0)",
        plot_bgcolor: "rgba(0,0,0,0)",
        legend: { orientation: "h", y: 1.02, yanchor: "bottom", x: 0, traceorder: "normal" },
        hoverlabel: { namelength: -1 },
        bargap: 0.3,
      },
      figure.layout,
    );
    layout.xaxis = Object.assign({}, grid, layout.xaxis);
    layout.yaxis = Object.assign({}, grid, layout.yaxis);
    Plotly.newPlot(place, figure.data, layout, { displayModeBar: false, responsive: true });
  }
  window.addEventListener("beforeprint", () => {
    for (const figure of figures) Plotly.Plots.resize(`plot-${figure.id}`);
  });
})();
