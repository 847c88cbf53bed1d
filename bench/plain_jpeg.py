"""The plainest peer: every page as one colour JPEG. `python -m bench.plain_jpeg IN.pdf OUT.pdf`.

200 dpi and quality 75 is what many offices' “small file” is, and what nothing can be lost by but fine detail.
"""

from __future__ import annotations

import io
import sys

import pikepdf
import pypdfium2 as pdfium

DPI, QUALITY = 200, 75


def main(source: str, out: str) -> None:
    """Draw every page and write it as a JPEG of the same size."""
    with pdfium.PdfDocument(source) as pages, pikepdf.new() as pdf:
        for page in pages:
            width, height = page.get_size()
            picture = page.render(scale=DPI / 72, rev_byteorder=True).to_pil().convert("RGB")
            coded = io.BytesIO()
            picture.save(coded, "JPEG", quality=QUALITY)
            image = pikepdf.Stream(
                pdf,
                coded.getvalue(),
                {
                    "/Type": pikepdf.Name.XObject,
                    "/Subtype": pikepdf.Name.Image,
                    "/Width": picture.width,
                    "/Height": picture.height,
                    "/ColorSpace": pikepdf.Name.DeviceRGB,
                    "/BitsPerComponent": 8,
                    "/Filter": pikepdf.Name.DCTDecode,
                },
            )
            pdf.add_blank_page(page_size=(width, height))
            pdf.pages[-1].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=pdf.make_indirect(image)))
            pdf.pages[-1].Contents = pdf.make_stream(f"q {width:.4f} 0 0 {height:.4f} 0 0 cm /Im0 Do Q".encode())
        pdf.save(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
