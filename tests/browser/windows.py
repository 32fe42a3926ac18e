"""Windows of one browser, used again by one test after the other: to open one takes longer than to read a page."""

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

AT_ONCE = 3  # windows a test may look at side by side; what it opened before them is taken for its next page


class Windows:
    """The windows of this process's browser."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: list[Page] = []
        self._used: list[Page] = []
        self._own: list[BrowserContext] = []

    def open(self, *, width: int, height: int, **like: Any) -> Page:
        """Return a window that knows nobody; one that must be like something is made for this test alone."""
        if like:
            page = self._new(**like)
            self._own.append(page.context)
        else:
            page = self._next()
            self._used.append(page)
        page.set_viewport_size({"width": width, "height": height})
        return page

    def give_back(self) -> None:
        """Take the windows of a test back, and away from its site."""
        for page in self._used:
            page.evaluate("localStorage.clear(); sessionStorage.clear()")
            page.goto("about:blank")
        self._free += self._used
        self._used = []
        for context in self._own:
            context.close()
        self._own = []

    def _next(self) -> Page:
        if len(self._used) >= AT_ONCE:
            page = self._used.pop(0)
        else:
            page = self._free.pop() if self._free else self._new()
        page.context.clear_cookies()
        return page

    def _new(self, **like: Any) -> Page:
        return self._browser.new_context(locale="nl-NL", timezone_id="Europe/Amsterdam", **like).new_page()
