// The page of the API comes without a language.
document.documentElement.lang = document.currentScript.dataset.language;
