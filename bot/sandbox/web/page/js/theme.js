// Applies the chosen theme before anything is drawn. It is no module: those run after the first drawing.
document.documentElement.dataset.theme = { light: "light", dark: "dark" }[localStorage.getItem("theme")] ?? "auto";
