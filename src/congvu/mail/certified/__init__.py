"""What certified mail proves and says (vi: thư bảo đảm; kk: куәландырылған пошта). ETSI EN 319 522, RFC 6109."""
