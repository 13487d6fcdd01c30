"""A page printed to PDF, without anything fetched from elsewhere.

WeasyPrint needs the system's pango; where it is missing the refusal says so, and
printing the page from a browser gives the same.
"""

from __future__ import annotations

from importlib import resources

from jalon.domain.refusals import Refusal

_NO_PANGO = (
    "PDF files need the system library pango, which is missing ({why})."
    " Install it, or print the page from the browser."
)


def pdf(html: str, *, identifier: str) -> bytes:
    """Return the PDF of a whole HTML document.

    Raises:
        Refusal: If the system cannot print.
    """
    try:
        import weasyprint  # noqa: PLC0415 - heavy, and asks the system for pango
        from weasyprint.urls import URLFetcher  # noqa: PLC0415
    except OSError as error:
        raise Refusal(_NO_PANGO, why=str(error).split(":", maxsplit=1)[0]) from error
    nothing = URLFetcher(allowed_protocols=("data",))
    document = weasyprint.HTML(string=html, url_fetcher=nothing)
    paper = (resources.files("jalon.reports") / "paper.css").read_text("utf-8")
    found: bytes = document.write_pdf(
        stylesheets=[weasyprint.CSS(string=paper)],
        pdf_identifier=identifier.encode()[:16],
        pdf_tags=True,
    )
    return found
