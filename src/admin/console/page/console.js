// What makes the console quicker to use. Every page can be read, and every form sent, without it.
import "./keys.js";
import "./search.js";
import "./completion.js";
import "./live.js";

document.documentElement.classList.add("has-script");
