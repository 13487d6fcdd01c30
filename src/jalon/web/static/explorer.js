// Draws the explorer's charts from their specification. Vega (300 kB) is fetched only
// where there is something to draw, once; it interprets expressions, so the strict
// policy of the pages holds.
(() => {
  const source = document.currentScript.dataset.vega;
  let fetched;
  function vega() {
    fetched ??= new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = source;
      script.addEventListener("load", () => done(window.vegaEmbed));
      script.addEventListener("error", failed);
      document.head.append(script);
    });
    return fetched;
  }
  const french = {
    number: { decimal: ",", thousands: "\u202f", grouping: [3], currency: ["", "\u00a0€"], percent: "\u202f%" },
  };
  async function draw(figure) {
    if (figure.dataset.drawn) return;
    figure.dataset.drawn = "yes";
    const embed = await vega();
    const inside = figure.querySelector("[data-spec]");
    await embed(inside, JSON.parse(inside.dataset.spec), {
      actions: false,
      ast: true,
      defaultStyle: false,
      renderer: "svg",
      tooltip: { disableDefaultStyle: true, theme: "jalon" },
      formatLocale: document.documentElement.lang === "fr" ? french.number : undefined,
    });
    figure.dataset.drawn = "done";
  }
  function drawAll() {
    document.querySelectorAll("[data-chart]").forEach((figure) => {
      draw(figure).catch(() => { figure.hidden = true; });
    });
  }
  document.addEventListener("DOMContentLoaded", drawAll);
  document.addEventListener("htmx:afterSettle", drawAll);
})();
