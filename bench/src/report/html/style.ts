import { colour, paletteCss } from "./palette.js";

/** What a drawing needs wherever it stands. */
export const CHART_CSS = `.chart{color:${colour("ink-soft")};--plot-background:${colour("card")};max-width:100%;height:auto}
.chart text{font-family:system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}`;

/** Below this width of the window the narrow drawings are shown. */
const NARROW_BELOW_PX = 1000;
/** From this width on, two narrow drawings stand side by side. */
const TWO_NARROW_PX = 760;

export const PAGE_CSS = `${paletteCss(":root")}
*{box-sizing:border-box}
body{margin:0;background:${colour("page")};color:${colour("ink")};font:16px/1.5 system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1120px;margin:0 auto;padding:32px 20px 64px}
h1{font-size:28px;line-height:1.2;margin:0 0 4px}
h2{font-size:19px;line-height:1.3;margin:0 0 4px}
h3{font-size:14px;margin:0 0 4px;font-weight:600}
p{margin:0 0 8px;max-width:90ch}
ol{margin:0;padding-left:20px}
.soft,.reading{color:${colour("ink-soft")};font-size:14px}
.warning{border-left:4px solid ${colour("bad")};padding:8px 12px;background:${colour("card")};max-width:none}
figure,section,details{background:${colour("card")};border:1px solid ${colour("rule")};border-radius:10px;padding:18px 20px;margin:18px 0;overflow-wrap:break-word}
details{padding:10px 20px}
summary{cursor:pointer;color:${colour("ink-soft")};font-size:14px}
details[open] summary{margin-bottom:10px}
figcaption{margin:0 0 6px;max-width:90ch}
.panels{margin-top:12px}
.several{display:grid;grid-template-columns:1fr 1fr;gap:28px 36px}
.panel{min-width:0}
.narrow{display:none}
.headline{list-style:none;margin:18px 0;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(220px,1fr));gap:14px}
.headline li{background:${colour("card")};border:1px solid ${colour("rule")};border-radius:10px;padding:14px 16px;display:flex;flex-direction:column}
.headline strong{font-size:30px;line-height:1.15;font-variant-numeric:tabular-nums}
.headline .interval,.headline .who{color:${colour("ink-soft")};font-size:13px}
.better strong{color:${colour("good")}}
.worse strong{color:${colour("bad")}}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums}
th,td{padding:5px 14px 5px 0;text-align:right;white-space:nowrap;border-bottom:1px solid ${colour("rule")}}
th:first-child,td:first-child{text-align:left}
#aims :is(td,th):not(:last-child),#failures :is(td,th){white-space:normal;text-align:left;vertical-align:top}
th{font-weight:600;color:${colour("ink-soft")}}
.legend{list-style:none;padding:0;margin:10px 0 0;columns:2;column-gap:16px;font-size:13px}
.legend li{display:flex;align-items:center;gap:6px;break-inside:avoid;padding:2px 0;line-height:1.25}
.legend b{min-width:1.6em;text-align:right}
.legend svg{flex:none}
${CHART_CSS}
@media (max-width:${NARROW_BELOW_PX - 1}px){
main{padding:20px 12px 40px}
figure,section,details{padding:14px}
.wide{display:none}
.narrow{display:block}
div.narrow{max-width:560px}
.narrow .chart{width:100%}
.several{gap:20px 24px}
}
@media (max-width:${TWO_NARROW_PX - 1}px){.several{grid-template-columns:1fr}}`;
