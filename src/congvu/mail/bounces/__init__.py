"""Reports of other servers that mail did not arrive, in every dialect (vi: thư báo không gửi được; kk: жетпеген хат). RFC 3464."""
