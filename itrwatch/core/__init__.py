"""The manual in code: frozen values in, values out; no I/O, no clock, standard library only.

Glossary (the manual's nouns stay Portuguese):

- *processo*: the fiscal case, known by its 17-digit number.
- *folha*: a numbered page of the case file; the number is stamped in the upper right corner.
- *capa*: the cover; it is not numbered.
- *notificação de lançamento* (NL): the act that the case is about; first numbered section.
- *ciência*: proof that the taxpayer received the NL: in person, by post (AR) or by edital.
- *DITR*, *TIF*, *TCIF*: the tax return, the first summons, the finding-and-summons.
- *impugnação*: the taxpayer's objection; it goes to a file of its own, IMPUGNA.pdf.
- *termo (de encaminhamento)*: the forwarding term, last folha of the case, in NOTI.pdf.
- *juntada*: attaching the PDFs to the digital process in e-CAC.
- *fiscal*: the municipal tax officer who uses itrwatch.

docs/arquitetura.md defines the technical terms.
"""
