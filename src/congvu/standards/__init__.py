"""Pure codecs of other people's standards (vi: tiêu chuẩn; kk: стандарттар): C2SP, RFC 6962. No Django."""
