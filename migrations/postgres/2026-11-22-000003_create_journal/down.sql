DROP TABLE profiles;
DROP TABLE measures;
DROP TABLE check_ins;
DROP TABLE pain_scores;
DROP TABLE applications;
DROP TABLE flares;
DROP TABLE episodes;
