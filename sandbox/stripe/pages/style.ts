/** The look of all pages; colours meet WCAG AA on their grounds in both schemes. */
export const style = `
:root{color-scheme:light dark;--back:#f4f6fa;--card:#fff;--ink:#1a1f36;--dim:#545d6f;--line:#dbe0e9;--edge:#838da0;--main:#5146e5;--on:#fff;--soft:#f0efff;--bad:#b3123a;--badback:#fdeef1;--good:#0b6439;--goodback:#e7f6ee;--note:#ffe7bd;--noteink:#573800}
@media(prefers-color-scheme:dark){:root{--back:#0f1117;--card:#181b23;--ink:#e9ebf1;--dim:#a6aebd;--line:#2e3441;--edge:#727b8e;--main:#a49eff;--on:#14102e;--soft:#23213f;--bad:#ff9aac;--badback:#371a22;--good:#7adfa8;--goodback:#12301f;--note:#4b3500;--noteink:#ffe2a6}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;min-height:100vh;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"PingFang SC","Microsoft YaHei","Noto Sans SC",sans-serif}
.note{margin:0;padding:8px 16px;background:var(--note);color:var(--noteink);text-align:center;font-size:14px;font-weight:500}
main{margin:0 auto;padding:20px 16px 40px;max-width:480px;display:grid;gap:20px;align-items:start}
main>*{min-width:0}
main.list{max-width:640px}
h1{margin:0;font-size:22px;line-height:1.3;font-weight:600;overflow-wrap:anywhere}
h2{margin:0;font-size:17px;line-height:1.3;font-weight:600}
p{margin:0;overflow-wrap:anywhere}
a{color:var(--main)}
.dim{color:var(--dim);font-size:15px}
small.dim{display:block}
.price{font-size:34px;line-height:1.2;font-weight:600;letter-spacing:-.01em}
.price small{font-size:15px;font-weight:400;letter-spacing:0;color:var(--dim)}
.top{display:flex;flex-wrap:wrap;gap:4px 14px;align-items:center;min-height:44px}
.top a{display:inline-flex;align-items:center;min-height:44px;text-decoration:none;font-weight:500}
.top a:hover{text-decoration:underline}
.seller{font-weight:600}
.stack{display:grid;gap:14px}
.tight{display:grid;gap:4px}
.panel{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:18px 16px;display:grid;gap:16px}
.rows{margin:0;padding:0;list-style:none;display:grid}
.rows>li{display:flex;flex-wrap:wrap;gap:4px 16px;justify-content:space-between;align-items:center;padding:12px 0;border-top:1px solid var(--line)}
.rows>li>:first-child{flex:1 1 120px;min-width:0}
::placeholder{color:var(--dim);opacity:1}
.rows.sum>li:last-child{font-weight:600}
form{margin:0;display:grid;gap:16px}
fieldset{border:0;margin:0;padding:0;min-width:0;display:grid;gap:14px}
legend{padding:0;margin:0 0 8px;font-size:17px;font-weight:600}
.field{display:grid;gap:6px;min-width:0}
.field label{font-size:15px;font-weight:500}
.field input{font:inherit;width:100%;min-height:46px;padding:8px 12px;color:inherit;background:var(--card);border:1px solid var(--edge);border-radius:8px}
.field input[aria-invalid]{border:2px solid var(--bad)}
.wrong{color:var(--bad);font-size:14px}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:14px;align-items:start}
.alert,.done{padding:12px 14px;border-radius:10px;font-weight:500}
.alert{background:var(--badback);color:var(--bad)}
.done{background:var(--goodback);color:var(--good)}
.choice{display:flex;gap:12px;align-items:center;min-height:48px;padding:10px 14px;border:1px solid var(--edge);border-radius:10px;cursor:pointer}
.choice:has(:checked){border-color:var(--main);background:var(--soft);box-shadow:inset 0 0 0 1px var(--main)}
.choice span{flex:1;min-width:0}
.choice:has(:disabled){cursor:default}
input[type=radio]{flex:none;width:20px;height:20px;margin:0;accent-color:var(--main)}
.when-bank{display:none}
form:has([name=method][value=bank]:checked) .when-bank{display:grid}
form:has([name=method][value=bank]:checked) .when-card{display:none}
button,.button{font:inherit;font-weight:600;display:inline-flex;align-items:center;justify-content:center;min-height:48px;padding:8px 20px;border-radius:10px;border:1px solid var(--edge);background:transparent;color:inherit;text-decoration:none;text-align:center;cursor:pointer}
button:hover,.button:hover{border-color:var(--main)}
.main{background:var(--main);border-color:var(--main);color:var(--on)}
.main:hover{filter:brightness(1.08)}
.small{min-height:44px;padding:4px 16px;font-size:15px}
.buttons{display:grid;gap:12px}
.cards{display:grid;gap:8px}
.cards button{justify-content:space-between;gap:12px;min-height:44px;padding:6px 12px;font-weight:400;font-size:15px;text-align:left}
.cards button[aria-current]{border-color:var(--main);background:var(--soft);box-shadow:inset 0 0 0 1px var(--main)}
.cards .digits{color:var(--dim);white-space:nowrap;font-variant-numeric:tabular-nums}
.badge{display:inline-block;padding:1px 10px;border-radius:99px;font-size:14px;font-weight:500;border:1px solid var(--line);color:var(--dim)}
.badge.good{color:var(--good);background:var(--goodback);border-color:transparent}
.badge.bad{color:var(--bad);background:var(--badback);border-color:transparent}
.amount{font-variant-numeric:tabular-nums;white-space:nowrap}
:focus-visible{outline:3px solid var(--main);outline-offset:2px}
[tabindex="-1"]:focus{outline:none}
@media(min-width:520px){.buttons.across{grid-auto-flow:column;justify-content:start}.panel{padding:24px}}
@media(min-width:960px){main{padding:40px 24px 64px}main.two{max-width:1040px;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:64px}main.two .summary{position:sticky;top:40px}.price{font-size:40px}}
`;
