"""Where a letter comes from (vi: xác thực nguồn gửi; kk: жөнелтушіні растау). RFC 6376, 7208, 9989, 8617."""
