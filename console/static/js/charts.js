// Charts: today's curve of the board, and those that draw the columns of a table which stands on the same page.
import { make, onContent, within } from "./parts.js";

let library;
function charts() {
  library ??= new Promise((resolve, reject) => {
    const script = make("script", { src: "/static/vendor/echarts.min.js", onload: () => resolve(window.echarts), onerror: reject });
    document.head.append(script);
  });
  return library;
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const STYLES = [["solid", "--ink-muted"], ["solid", "--accent"], ["dashed", "--late"]];

/** Draw up to three `series` of {name, data} over `labels`; lines differ in dash and hue. */
export async function drawLines(place, labels, series, type = "line") {
  const echarts = await charts();
  const chart = echarts.init(place);
  chart.setOption({
    animation: false,
    grid: { left: 48, right: 12, top: 32, bottom: 24 },
    legend: { top: 0, textStyle: { color: colour("--ink-soft") } },
    tooltip: { trigger: "axis" },
    xAxis: { type: "category", data: labels, axisLabel: { color: colour("--ink-muted") } },
    yAxis: { type: "value", minInterval: 1, axisLabel: { color: colour("--ink-muted") }, splitLine: { lineStyle: { color: colour("--line") } } },
    series: series.map(({ name, data }, n) => ({
      name,
      data,
      type,
      barMaxWidth: 28,
      showSymbol: labels.length === 1,
      lineStyle: { type: STYLES[n][0] },
      color: colour(STYLES[n][1]),
    })),
  });
  const sized = new ResizeObserver(() => (place.isConnected ? chart.resize() : (sized.disconnect(), chart.dispose())));
  sized.observe(place);
}

/** data-table-chart="ID" data-series="code code": the table's columns with these data-code, as bars by row. */
function ofTable(place) {
  const table = document.getElementById(place.dataset.tableChart);
  const heads = [...table.querySelectorAll("thead th")];
  const rows = [...table.querySelectorAll("tbody tr")];
  const labels = rows.map((row) => row.querySelector("th").textContent);
  const series = place.dataset.series.split(" ").map((code) => {
    const column = heads.findIndex((head) => head.dataset.code === code);
    return { name: heads[column].textContent, data: rows.map((row) => Number(row.children[column].dataset.value || 0)) };
  });
  return drawLines(place, labels, series, "bar");
}

onContent((root) => within(root, "[data-table-chart]").forEach((place) => ofTable(place).catch(() => place.remove())));
