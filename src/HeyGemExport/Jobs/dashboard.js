// The policy of our pages refuses the style element that the chart would add; the same rules are in Hangfire's style sheet.
if (window.Chart) {
    Chart.platform.disableCSSInjection = true;
}

// A job that runs shows how far it is.
(function () {
    const running = () => document.querySelector('#record .progress');

    async function refresh() {
        const answer = await fetch(location.href);
        if (answer.ok) {
            const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('#record');
            if (fresh) {
                document.querySelector('#record').replaceWith(fresh);
            }
        }

        if (running()) {
            setTimeout(refresh, 2000);
        } else {
            location.reload();
        }
    }

    if (running()) {
        setTimeout(refresh, 2000);
    }
})();
