-- Words that the hand-written expectations share. Nothing here comes from the product.

-- An amount in euros, at the last rate known on the day.
CREATE TEMP MACRO eur(amount, money, day) AS
  amount * CASE WHEN money IS NULL OR money = 'EUR' THEN 1
    ELSE (SELECT arg_max(rate_row.rate, rate_row."on") FROM rates rate_row
          WHERE rate_row.currency = money AND rate_row."on" <= day) END;

-- A quotient, nothing without denominator.
CREATE TEMP MACRO ratio(above, below) AS CAST(above AS DOUBLE) / nullif(CAST(below AS DOUBLE), 0);

-- The team somebody was in on the day. (The aliases are long lest they capture the caller's.)
CREATE TEMP MACRO team_on(person, day) AS coalesce(
  (SELECT any_value(member_row.team_id) FROM memberships member_row
   WHERE member_row.person_id = person AND member_row.first <= day
     AND (member_row.after IS NULL OR day < member_row.after)),
  (SELECT any_value(people_row.team_id) FROM people people_row
   WHERE people_row.person_id = person AND person NOT IN (SELECT person_id FROM memberships)));

-- Who has which share of a deal.
CREATE TEMP VIEW deal_part AS
  SELECT deal_id, person_id, CAST(share AS DECIMAL(5, 2)) AS share FROM deal_shares
  UNION ALL SELECT deal_id, owner_id, 1 FROM deals
  WHERE deal_id NOT IN (SELECT deal_id FROM deal_shares);

-- What each account pays on the eve and on the last day.
CREATE TEMP MACRO base(eve, last_day) AS TABLE
  SELECT account_id,
    coalesce(sum(eur(mrr, currency, first)) FILTER (WHERE first <= eve AND (after IS NULL OR after > eve)), 0) AS start,
    coalesce(sum(eur(mrr, currency, first)) FILTER (WHERE first <= last_day AND (after IS NULL OR after > last_day)), 0) AS finish
  FROM subscriptions GROUP BY 1;
