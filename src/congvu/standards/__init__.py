"""Pure codecs of other people's standards (vi: tiêu chuẩn; kk: стандарттар): C2SP tlog, RFC 6962. No Django."""
