// The console's scripts: small modules that hang behaviour on data attributes. No page has a script of its own
// unless it brings a module; nothing here holds a sentence (words come translated from the server).
import "./pages.js";
import "./steady.js";
import "./toasts.js";
import "./dialog.js";
import "./menus.js";
import "./recording.js";
import "./shortcuts.js";
import "./grid.js";
import "./countdown.js";
import "./session.js";
import "./autosave.js";
import "./composed.js";
import "./combobox.js";
import "./small.js";
import "./live.js";
import "./callbar.js";
import "./softphone.js";
import "./workbench.js";
import "./exports.js";
import "./floor.js";
import "./board.js";
import "./charts.js";
import "./dispatch-desk.js";
import "./dispatch-form.js";
import "./dispatch-files.js";
