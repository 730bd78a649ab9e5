/** What a browser shows of a report; runs inside the page, so it may use nothing but what is in it. */
export function inspectPage() {
  type Box = { text: string; left: number; top: number; right: number; bottom: number };
  const px = 1.5; // neighbours may touch; fonts round

  const boxOf = (element: Element): Box => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return { text: element.textContent?.trim() ?? "", left, top, right, bottom };
  };
  const overlap = (a: Box, b: Box): boolean =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > px &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > px;
  const isShown = (element: Element): boolean => element.getBoundingClientRect().width > 0;

  const rgb = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
  const luminance = (colour: string): number => {
    const [r = 0, g = 0, b = 0] = rgb(colour).map((part) =>
      part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a: string, b: string): number => {
    const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
    return (light + 0.05) / (dark + 0.05);
  };

  const inspectSvg = (svg: SVGSVGElement, background: string) => {
    const frame = boxOf(svg);
    const texts = [...svg.querySelectorAll("text")].filter((text) => text.textContent?.trim());
    const boxes = texts.map(boxOf);
    const marks = [...svg.querySelectorAll("g[aria-label=dot] > *")].map(boxOf);
    const labels = (axis: "x" | "y", what: string): string[] =>
      [...svg.querySelectorAll(`g[aria-label="${axis}-axis ${what}"] text`)]
        .map((text) => text.textContent?.trim() ?? "")
        .filter((text) => text !== "");
    const problems: string[] = [];
    boxes.forEach((box, i) => {
      const inside =
        box.left >= frame.left - px &&
        box.right <= frame.right + px &&
        box.top >= frame.top - px &&
        box.bottom <= frame.bottom + px;
      if (!inside) problems.push(`“${box.text}” is cut`);
      for (const other of boxes.slice(i + 1)) {
        if (overlap(box, other)) problems.push(`“${box.text}” and “${other.text}” overlap`);
      }
      if (marks.some((mark) => overlap(mark, box))) problems.push(`a mark lies on “${box.text}”`);
    });
    for (const text of texts) {
      const ratio = contrast(getComputedStyle(text).fill, background);
      if (ratio < 3) problems.push(`“${text.textContent}” has a contrast of ${ratio.toFixed(2)}`);
    }
    return {
      marks: marks.length,
      lines: [...svg.querySelectorAll("g[aria-label=line] path")].filter((path) => boxOf(path).right > boxOf(path).left)
        .length,
      xTicks: labels("x", "tick label"),
      yTicks: labels("y", "tick label"),
      axes: [...labels("x", "label"), ...labels("y", "label")],
      names: [
        ...svg.querySelectorAll("g[aria-description='line label'] text, g[aria-description='row title'] text"),
      ].map((text) => text.textContent?.trim() ?? ""),
      problems,
    };
  };

  return {
    overflow: document.documentElement.scrollWidth - window.innerWidth,
    pageLuminance: luminance(getComputedStyle(document.body).backgroundColor),
    figures: [...document.querySelectorAll("figure")].map((figure) => ({
      id: figure.id,
      caption: figure.querySelector("figcaption")?.textContent ?? "",
      legend: [...figure.querySelectorAll(".legend li")].filter(isShown).map((item) => item.textContent ?? ""),
      svgs: [...figure.querySelectorAll("svg.chart")]
        .filter(isShown)
        .map((svg) => inspectSvg(svg as SVGSVGElement, getComputedStyle(figure).backgroundColor)),
    })),
  };
}
