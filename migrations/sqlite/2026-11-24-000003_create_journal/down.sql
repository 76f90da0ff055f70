DROP TABLE profiles;
DROP TABLE records;
