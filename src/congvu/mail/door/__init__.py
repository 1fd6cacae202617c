"""The SMTP door (vi: cửa nhận thư; kk: пошта қақпасы): one strict protocol. RFC 5321, RFC 6409."""
