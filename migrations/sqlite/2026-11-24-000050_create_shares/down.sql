DROP TABLE share_openings;
DROP TABLE shares;
