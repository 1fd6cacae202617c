"""The SMTP door (vi: cửa nhận thư; kk: пошта қақпасы): one strict protocol, no database. RFC 5321, RFC 6409."""
