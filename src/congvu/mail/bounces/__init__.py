"""What other servers say of mail that did not arrive, in all dialects (vi: thư trả lại; kk: қайтқан хат). RFC 3464."""
