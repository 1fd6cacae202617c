"""Signed and encrypted mail (vi: thư có chữ ký số; kk: қолтаңбалы хат): made and checked. S/MIME 4.0 (RFC 8551)."""
