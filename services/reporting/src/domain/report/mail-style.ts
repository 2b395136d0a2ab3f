/** Colours of the light mail; inline, since many readers drop style sheets. */
export const COLOR = {
  page: '#f2f4f7',
  card: '#ffffff',
  text: '#15191e',
  soft: '#5b6470',
  line: '#e1e5ea',
  gain: '#0a7a45',
  loss: '#c02626',
  neutral: '#4a5360',
  note: '#fff4d6',
  note_text: '#6b4a00',
} as const;

export const FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/** The dark mail, for readers that keep a style sheet. Classes say what a colour is for. */
export const STYLE_SHEET = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
body{margin:0;padding:0;-webkit-text-size-adjust:100%}
img{border:0;max-width:100%;height:auto}
@media (prefers-color-scheme:dark){
.page{background:#0f1216!important}.card{background:#191e24!important}.text{color:#eef1f4!important}.soft{color:#a3adb8!important}
.line{border-color:#2d343c!important}.gain{color:#4cc38a!important}.loss{color:#ff8a80!important}.note{background:#3a2f12!important;color:#ffe3a1!important}
}
@media (max-width:480px){.cell{padding-left:16px!important;padding-right:16px!important}.figure{display:inline-block!important;width:48%!important}}`;
