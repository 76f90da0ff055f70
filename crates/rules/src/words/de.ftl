### Deutsch. Die Worte des Regelpakets: was ein Mensch mit Rückenschmerzen liest.
###
### Anrede "Sie". Eine Anweisung zuerst. Jeder Satz unter 20 Wörtern. Kein Produkt, keine Dosis, nichts über die Quelle hinaus.

language = Deutsch
review = Diese Worte hat niemand mit medizinischer Ausbildung geprüft.
disclaimer = Das ist eine Anleitung zur Selbsthilfe und kein Medizinprodukt. Sie ersetzt keine ärztliche Hilfe. Notfall: { $emergency_number }.

## Telefonnummern und Zeiten

emergency-number-unknown = Ihre örtliche Notrufnummer
urgent-line = Ihre Arztpraxis oder { $number }
urgent-line-unknown = Ihre Arztpraxis oder Ihren örtlichen ärztlichen Bereitschaftsdienst

clock-today = { $time } Uhr
clock-tomorrow = morgen { $time } Uhr
clock-date = { $time } Uhr am { $day }. { $month }
month-1 = Januar
month-2 = Februar
month-3 = März
month-4 = April
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = August
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Dezember

## Titel: die Handlung in wenigen Worten

title-seek_emergency_care = Holen Sie sofort Notfallhilfe
title-see_clinician_urgent = Lassen Sie sich heute untersuchen
title-see_clinician = Gehen Sie zum Arzt
title-remove_ice = Nehmen Sie das Eis ab
title-remove_heat = Nehmen Sie die Wärme ab
title-remove_both = Nehmen Sie beides ab
title-continue_ice = Lassen Sie das Eis noch liegen
title-continue_heat = Lassen Sie die Wärme noch liegen
title-apply_ice = Legen Sie Eis auf
title-apply_heat = Legen Sie Wärme auf
title-wait = Gönnen Sie der Haut eine Pause
title-light_stretches = Beginnen Sie mit leichtem Dehnen
title-rest = Ruhen Sie sich aus
title-check_in = Sagen Sie uns, wie es jetzt ist
title-none = Jetzt ist nichts zu tun

## Was mit dem geschieht, was aufliegt

also-remove_ice = Nehmen Sie das Eis ab.
also-remove_heat = Nehmen Sie die Wärme ab.
also-remove_both = Nehmen Sie Eis und Wärme ab.
also-continue_ice = Das Eis kann liegen bleiben, bis seine 20 Minuten um sind.
also-continue_heat = Die Wärme kann liegen bleiben, bis ihre 20 Minuten um sind.

## The weekly questions for somebody whose back pain comes back

peg-title = Wie war die vergangene Woche?
peg-body = Beantworten Sie drei Fragen zur vergangenen Woche: zu Ihren Schmerzen, Ihrer Lebensfreude und Ihren Tätigkeiten.

## Fragen

ask-red_flags = Haben Sie eines der Warnzeichen?
ask-cold_contraindications = Haben Sie Raynaud, schlechte Durchblutung, taube oder verletzte Haut, oder haben Sie auf Kälte schon reagiert?
ask-heat_contraindications = Sind Sie schwanger, nehmen Sie Blutverdünner, oder ist die Haut taub, entzündet oder verletzt?
ask-pain_score = Wie stark ist der Schmerz, von 0 bis 10?
ask-inflammation = Ist es geschwollen oder heiß?
ask-barrier_used = Liegt ein Tuch zwischen der Packung und Ihrer Haut?
ask-skin = Wie sieht die Haut dort aus, und wie fühlt sie sich an?
ask-achy_between_episodes = Schmerzt Ihr Rücken auch zwischen den Krämpfen?
ask-application_ended = Ist das Eis oder die Wärme ab, und seit wann?
ask-episode_over = Ist diese Episode vorbei?
ask-new_episode = Ist das ein neuer Krampf? Dann beginnen Sie eine Episode.
ask-inflammatory_pattern = Weckt Sie der Rückenschmerz nachts, und bessert er sich durch Bewegung?

## Vorsicht und Rat

say-barrier = Legen Sie es nie direkt auf die Haut: Wickeln Sie es in ein Tuch.
say-max_20_min = Nicht länger als 20 Minuten. Kürzer ist in Ordnung.
say-rest = Ruhen Sie bequem, bis der Schmerz nachlässt. Strenge Bettruhe brauchen Sie nicht.
    .long = Sie ruhen seit mehr als zwei Tagen. Beginnen Sie, sich sanft zu bewegen, soweit es angenehm ist.
say-do_not_fall_asleep = Schlafen Sie damit nicht ein.
say-check_skin = Sehen Sie sich die Haut davor und danach an. Nehmen Sie es ab, wenn es schmerzt, brennt oder taub wird.
say-cover = Lassen Sie einen Bezug zwischen der Wärme und Ihrer Haut.
say-explain_evidence = So frühe Wärme liegt außerhalb der Anleitung. Ein Schaden ist nicht nachgewiesen.
say-suggest_clinician = Lassen Sie das ärztlich ansehen. Es muss nicht heute sein.
say-ask_clinician_or_pharmacist = Fragen Sie zuerst in der Arztpraxis oder Apotheke.
say-follow_clinician_advice = Wenn Sie ärztlichen Rat bekommen haben, folgen Sie ihm.
say-ask_midwife_or_gp = Fragen Sie zuerst Ihre Hebamme oder Ihre Arztpraxis, weil Sie schwanger sind.
say-ask_clinician_stenosis = Die Anleitung sagt nicht, was bei Stenose passt. Fragen Sie Ihre Arztpraxis.
say-muscle_balance_assessment = Eine Physiotherapie kann das Gleichgewicht Ihrer Muskeln prüfen. Das passt, wenn Krämpfe wiederkommen und es dazwischen schmerzt.
say-nsaid_option = Ein Entzündungshemmer ist möglich, wenn Sie ihn sonst vertragen. Fragen Sie in der Apotheke und folgen Sie der Packung: die kleinste Dosis, so kurz wie möglich. Nehmen Sie nie zwei Arten zusammen. Hören Sie nach 10 Tagen auf und fragen Sie, auch wenn es schlimmer wird.
say-cream_option = Eine Schmerzcreme kann helfen. Nicht auf verletzter Haut, nicht mit Wärme und nicht unter einem engen Verband.
say-avoid_aggravating = Meiden Sie, was es schlimmer macht.
say-probably_a_strain = Ein einmaliger Krampf ist meist ein gezerrter Muskel.
say-prevention = Regelmäßige sanfte Bewegung und Kräftigung zwischen den Krämpfen können dem nächsten vorbeugen.
say-over_the_limit = Das ist früher, als die Anleitung rät. Halten Sie es kurz und sehen Sie nach der Haut.
say-entered_by_mistake = Aus Versehen angekreuzt? Löschen Sie den Eintrag. Nach der Untersuchung tragen Sie sie ein.
say-allergic_reaction_signs = Atemnot, Schwellung in Gesicht oder Hals, oder Schwäche? Rufen Sie an: { $emergency_number }.

## Hinweise zu den Einträgen

warning-future_fact_ignored = Ein Eintrag mit einer Zeit in der Zukunft wurde nicht beachtet.
warning-bad_interval_ignored = Ein Eintrag, der vor seinem Beginn endet, wurde nicht beachtet.
warning-time_zone_unknown = Ihre Zeitzone ist nicht bekannt. Zeiten können falsch sein, bis Sie sie angeben.
warning-open_application_assumed_ended = Eis oder Wärme ohne Ende gilt als beendet. Tragen Sie ein, wann Sie es abgenommen haben.

## Schritt 1: Notfälle

part-call-now = Rufen Sie sofort an: { $emergency_number }. Oder fahren Sie in eine Notaufnahme. Warten Sie nicht ab.
part-nerves = Das kann Druck auf die Nerven am unteren Ende der Wirbelsäule bedeuten.

R-EM-saddle_numbness =
    .instruction = { part-call-now }
    .reason = Sie haben Taubheit zwischen den Beinen oder am Gesäß angegeben. { part-nerves }
R-EM-bladder_change =
    .instruction = { part-call-now }
    .reason = Sie haben angegeben, dass sich beim Wasserlassen etwas verändert hat. { part-nerves }
R-EM-bowel_change =
    .instruction = { part-call-now }
    .reason = Sie haben angegeben, dass Sie den Darm schlechter halten oder spüren. { part-nerves }
R-EM-sexual_dysfunction =
    .instruction = { part-call-now }
    .reason = Sie haben einen Verlust der sexuellen Funktion oder des Gefühls angegeben. { part-nerves }
R-EM-both_legs_symptoms =
    .instruction = { part-call-now }
    .reason = Sie haben Schmerz, Kribbeln, Schwäche oder Taubheit in beiden Beinen angegeben. { part-nerves }
R-EM-leg_weakness_progressive =
    .instruction = { part-call-now }
    .reason = Sie haben starke oder zunehmende Schwäche in einem Bein angegeben. { part-nerves }
R-EM-major_trauma =
    .instruction = Rufen Sie sofort an: { $emergency_number }. Bewegen Sie sich so wenig wie möglich, bis Hilfe kommt.
    .reason = Nach einem schweren Unfall kann die Wirbelsäule verletzt sein.
R-EM-chest_pain =
    .instruction = Rufen Sie sofort an: { $emergency_number }. Warten Sie nicht ab.
    .reason = Schmerz in der Brust kann vom Herzen oder von der Lunge kommen.
R-EM-aneurysm_signs =
    .instruction = Rufen Sie sofort an: { $emergency_number }. Warten Sie nicht ab.
    .reason = Plötzlicher starker Schmerz mit Schwäche oder feuchtkalter Haut kann ein geplatztes Blutgefäß sein.
R-EM-severe_allergic_reaction =
    .instruction = Rufen Sie sofort an: { $emergency_number }. Warten Sie nicht ab.
    .reason = Das sind Zeichen einer schweren allergischen Reaktion.
R-EM-fever_with_infection_risk =
    .instruction = { part-call-now }
    .reason = Fieber bei Ihrem Risiko für eine Infektion der Wirbelsäule muss sofort untersucht werden.
R-EM-fragility_trauma =
    .instruction = { part-call-now } Bewegen Sie sich so wenig wie möglich, bis Sie untersucht sind.
    .reason = Bei brüchigen Knochen kann schon ein kleiner Sturz einen Bruch bedeuten.

## Schritt 2: heute untersuchen lassen

part-seen-today = Rufen Sie heute { $urgent_line } an und bitten Sie um eine Untersuchung.
part-then-record = Wenn es ärztlich angesehen wurde, tragen Sie die Untersuchung ein.

R-UR-fever =
    .instruction = { part-seen-today }
    .reason = Rückenschmerz mit Fieber oder Unwohlsein sollte heute untersucht werden.
R-UR-unexplained_weight_loss =
    .instruction = { part-seen-today }
    .reason = Rückenschmerz mit unerklärtem Gewichtsverlust sollte heute untersucht werden.
R-UR-night_pain_unrelieved =
    .instruction = { part-seen-today }
    .reason = Nächtlicher Schmerz, oder Schmerz, den Ruhe nicht lindert, sollte heute untersucht werden.
R-UR-upper_back_pain =
    .instruction = { part-seen-today }
    .reason = Schmerz zwischen den Schulterblättern sollte heute untersucht werden.
R-UR-lump_or_deformity =
    .instruction = { part-seen-today }
    .reason = Ein Knoten, eine Schwellung oder eine veränderte Form des Rückens sollte heute untersucht werden.
R-UR-recent_infection =
    .instruction = { part-seen-today }
    .reason = Rückenschmerz nach einer Infektion sollte heute untersucht werden.
R-UR-worse_on_cough =
    .instruction = { part-seen-today }
    .reason = Schmerz, der bei Husten, Niesen oder Pressen zunimmt, sollte heute untersucht werden.
R-UR-cancer_history =
    .instruction = { part-seen-today } { part-then-record }
    .reason = Weil Sie eine Krebserkrankung angegeben haben, sollte neuer Rückenschmerz heute untersucht werden.
R-UR-iv_drug_use =
    .instruction = { part-seen-today } { part-then-record }
    .reason = Weil Sie angegeben haben, Drogen zu spritzen, sollte neuer Rückenschmerz heute untersucht werden.
R-UR-immune_suppressed =
    .instruction = { part-seen-today } { part-then-record }
    .reason = Weil Sie ein schwaches Immunsystem angegeben haben, sollte neuer Rückenschmerz heute untersucht werden.
R-UR-skin_injury =
    .instruction = Rufen Sie heute { $urgent_line } an und lassen Sie die Haut ansehen. Lassen Sie sie unbedeckt. Kein Eis und keine Wärme darauf.
    .reason = Das kann eine Erfrierung oder Verbrennung sein.

## Schritt 3: abnehmen

part-if-already-off = Wenn es schon ab ist, tragen Sie ein, seit wann.

X-BOTH =
    .instruction = Nehmen Sie beides ab. In 20 Minuten können Sie wieder beginnen. { part-if-already-off }
    .instruction-plain = Nehmen Sie beides ab. { part-if-already-off }
    .reason = Bei Eis und Wärme zugleich kann Ihre Haut Sie nicht warnen.
X-BARRIER =
    .instruction = Nehmen Sie es ab und sehen Sie nach der Haut. Das nächste Mal ein Tuch dazwischen, nach 20 Minuten Pause.
    .instruction-plain = Nehmen Sie es ab und sehen Sie nach der Haut.
    .reason = Direkt auf der Haut kann es sie verbrennen.
X-CONTRA-ICE =
    .instruction = Nehmen Sie das Eis jetzt ab. { part-if-already-off }
    .reason = Eis ist nicht sicher: { $what }.
X-CONTRA-HEAT =
    .instruction = Nehmen Sie die Wärme jetzt ab. { part-if-already-off }
    .reason = Wärme ist nicht sicher: { $what }.
    .reason-pregnant = Fragen Sie Ihre Hebamme oder Arztpraxis, bevor Sie Wärme verwenden.
X-SKIN =
    .instruction = Nehmen Sie es ab und lassen Sie die Haut sich erholen. Tragen Sie ein, wann sie wieder normal ist.
    .reason = Ihre Haut kann Sie jetzt nicht warnen.
X-SLEEP =
    .instruction = Nehmen Sie es vor dem Schlafen ab. Wenn Sie wach sind, tragen Sie ein, seit wann.
    .reason = Im Schlaf spüren Sie eine Verbrennung nicht.
X-20MIN =
    .instruction = Nehmen Sie es ab und lassen Sie es 20 Minuten weg. { part-if-already-off }
    .reason = Es liegt seit 20 Minuten auf, länger soll es nicht sein.
X-PAIN-UP =
    .instruction = Nehmen Sie es ab und ruhen Sie bequem.
    .reason = Ihr Schmerz hat zugenommen, während es auflag.
X-RISE-HEAT =
    .instruction = Nehmen Sie die Wärme ab und ruhen Sie.
    .reason = Ihr Schmerz hat zugenommen.
X-SWITCH =
    .instruction = Nehmen Sie es ab. Lassen Sie die Haut 20 Minuten frei.
    .reason = Haut, die noch taub oder warm ist, spürt keine Verbrennung.
X-HEAT-EARLY =
    .instruction = Nehmen Sie die Wärme ab. Nach 20 Minuten können Sie Eis verwenden, in ein Tuch gewickelt.
    .instruction-plain = Nehmen Sie die Wärme ab.
    .reason = Die Anleitung verwendet zuerst Eis, 48 bis 72 Stunden lang. Ein Schaden durch frühe Wärme ist nicht nachgewiesen.
X-HEAT-INFLAMED =
    .instruction = Nehmen Sie die Wärme ab.
    .reason = Es ist noch geschwollen oder heiß: noch keine Wärme.

## Schritt 4: nicht für diese Anleitung

O-AGE16 =
    .instruction = Fragen Sie ärztlich nach, bevor Sie weitermachen. { part-then-record }
    .reason = Diese Anleitung ist für Menschen ab 16 Jahren.
part-ask-clinician = Fragen Sie in einer Arztpraxis oder Physiotherapie. { part-then-record }
part-not-said = Die Anleitung sagt nicht, ob Eis oder Wärme bei Schmerz hier passt: { $what }. Deshalb raten wir nicht.
O-LEG =
    .instruction = { part-ask-clinician }
    .reason = { part-not-said }
O-BACK_AND_LEG =
    .instruction = { part-ask-clinician }
    .reason = { part-not-said }
O-FRONT_THIGH =
    .instruction = { part-ask-clinician }
    .reason = { part-not-said }

## Schritt 5: keine Episode, oder vorbei

E-ENDED =
    .instruction = Diese Episode ist geschlossen. Es ist nichts zu tun.
    .reason = Sie haben eingetragen, dass sie vorbei ist.
E-NONE =
    .instruction = Jetzt ist nichts zu tun.
    .reason = Sie haben keine offene Episode.

## Schritte 6 und 7: vorbei, nicht besser, oder nicht bekannt

part-have-checked = Vereinbaren Sie einen Termin, um den Rücken untersuchen zu lassen.
part-next-days = Lassen Sie den Rücken in den nächsten Tagen untersuchen. Tragen Sie ein Warnzeichen sofort ein.

T-OVER =
    .instruction = Sagen Sie uns, wie es jetzt ist. Wenn es vorbei ist, beenden Sie die Episode.
    .reason = Ihr letzter Eintrag: { $last_entry }.
F-42D =
    .instruction = { part-have-checked }
    .reason = Es sind sechs Wochen vergangen.
F-14D =
    .instruction = { part-have-checked }
    .reason = Es sind zwei Wochen vergangen, und es ist nicht besser.
F-INFLAMMATORY =
    .instruction = Vereinbaren Sie einen gewöhnlichen Arzttermin.
    .reason = Rückenschmerz wie Ihrer kann von einer Entzündung kommen.
F-WORSE =
    .instruction = { part-next-days }
    .reason = Ihr Schmerz ist stärker geworden.
F-SEVERE =
    .instruction = { part-next-days }
    .reason = Ihr Schmerz lässt nicht nach.
T-STALE =
    .instruction = Sagen Sie uns, wie der Schmerz jetzt ist. Ist es geschwollen oder heiß? Gibt es ein Warnzeichen?
    .reason = Ihr letzter Eintrag ist eine Weile her.
T-SCREEN =
    .instruction = Beantworten Sie zuerst die Fragen nach den Warnzeichen.
    .reason = Manche Zeichen brauchen ärztliche Hilfe statt Selbsthilfe.

## Schritt 8: es geht weiter

C-ICE =
    .instruction = Lassen Sie es liegen bis { $until }, mit einem Tuch dazwischen, und bleiben Sie wach.
    .reason = Die Anleitung erlaubt bis zu 20 Minuten am Stück.
C-HEAT =
    .instruction = Lassen Sie es liegen bis { $until }, mit einem Bezug dazwischen, und bleiben Sie wach.
    .reason = Die Anleitung erlaubt bis zu 20 Minuten am Stück.
D-SLEEP =
    .instruction = Schlafen Sie. Wachen Sie nicht für Eis oder Wärme auf. Wenn Sie wach sind, tragen Sie ein, seit wann.
    .reason = Im Schlaf bleibt nichts auf der Haut.

## Schritt 9: ärztlicher Rat, oder Dehnen

O-REVIEWED =
    .instruction = Folgen Sie dem, was man Ihnen ärztlich gesagt hat. Ruhen Sie bequem.
    .reason = Es wurde ärztlich angesehen, und die Anleitung sagt dazu nichts.
S-STRETCH =
    .instruction = Beginnen Sie mit leichtem Dehnen, langsam, und nur so weit es angenehm ist.
    .reason = Schmerz und Schwellung haben sich beruhigt.

## Schritt 10: nicht erlaubt

part-rest-instead = Ruhen Sie bequem und bewegen Sie sich sanft, wenn Sie können. Fragen Sie in Apotheke oder Arztpraxis, was Ihnen hilft.

D-NO-ICE =
    .instruction = { part-rest-instead }
    .reason = Eis ist nicht sicher: { $what }.
D-NO-HEAT =
    .instruction = { part-rest-instead }
    .reason = Wärme ist nicht sicher: { $what }.
    .reason-pregnant = Fragen Sie Ihre Hebamme oder Arztpraxis, bevor Sie Wärme verwenden.

## Schritt 10: warten

W-SKIN =
    .instruction = Warten Sie, bis die Haut normal aussieht und sich normal anfühlt, und tragen Sie das ein.
    .reason = Ihre Haut hat sich vom letzten Mal nicht erholt.
W-20OFF =
    .instruction = Lassen Sie die Haut frei bis { $until }.
    .reason = Die Haut braucht nach Eis oder Wärme 20 Minuten Pause.
W-SET =
    .instruction = Lassen Sie das Eis weg bis { $until }. Ruhen Sie bequem.
    .reason = Geben Sie der Haut zwei Stunden Pause.
W-DAY =
    .instruction = Lassen Sie das Eis weg bis { $until }. Ruhen Sie bequem.
    .reason = Mehr Eis rät diese Anleitung in 24 Stunden nicht.
W-HEATGAP =
    .instruction = Lassen Sie die Wärme weg bis { $until }.
    .reason = Geben Sie der Haut zwei Stunden Pause.
W-HEATDAY =
    .instruction = Lassen Sie die Wärme weg bis { $until }.
    .reason = Sie hatten dreimal Wärme in 24 Stunden, mehr rät diese Anleitung nicht.
W-TOPICAL =
    .instruction = Lassen Sie die Wärme weg bis { $until }.
    .reason = Wärme über einer Muskelsalbe kann die Haut verbrennen.

## Schritt 10: Eis oder Wärme

part-ice-on = Legen Sie bis zu 20 Minuten Eis auf, in ein Tuch gewickelt.
part-heat-on = Legen Sie bis zu 20 Minuten Wärme auf, mit einem Bezug dazwischen.

S-ICE-48 =
    .instruction = { part-ice-on } Legen Sie sich dabei hin und ruhen Sie.
    .reason = In den ersten 48 Stunden nach einem Krampf verwendet die Anleitung Eis.
S-ICE-4872 =
    .instruction = { part-ice-on } Sagen Sie uns, ob es noch geschwollen oder heiß ist.
    .reason = Sie sind noch in der Zeit, in der die Anleitung Eis verwendet.
D-RISE-ICE =
    .instruction = { part-ice-on }
    .reason = Ihr Schmerz hat zugenommen, also zurück zum Eis.
D-HEAT-4872 =
    .instruction = { part-heat-on }
    .reason = Es sind mehr als 48 Stunden, und die Schwellung ist zurückgegangen. Sie können zu Wärme wechseln.
S-HEAT-72 =
    .instruction = { part-heat-on }
    .reason = Es sind mehr als 72 Stunden, und die Schwellung ist zurückgegangen.
D-HEAT-72-UNKNOWN =
    .instruction = Wenn es nicht mehr geschwollen oder heiß ist, legen Sie Wärme auf, mit einem Bezug dazwischen. Nehmen Sie sie nach 20 Minuten ab.
    .reason = Es sind mehr als 72 Stunden. Die Anleitung verwendet Wärme, wenn die Schwellung zurückgegangen ist.
D-ICE-72-INFLAMED =
    .instruction = { part-ice-on } Fragen Sie dazu in der Arztpraxis oder Apotheke.
    .reason = Es ist nach drei Tagen noch geschwollen oder heiß, also bleiben Sie beim Eis.

## Schritt 11: Ruhe

D-RISE-REST =
    .instruction = Ruhen Sie bequem und prüfen Sie die Warnzeichen. Lassen Sie Wärme und Dehnen vorerst weg.
    .reason = Ihr Schmerz hat zugenommen.

## Worum es in einer Anweisung geht

location-back = im Rücken
location-leg = im Bein
location-back_and_leg = in Rücken und Bein
location-front_thigh = vorn am Oberschenkel
what-rub = Muskelsalbe auf der Haut
what-hives = Quaddeln
what-hives_after_ice = Quaddeln nach Eis
what-hives_after_heat = Quaddeln nach Wärme

## Umstände, wie in "nicht sicher: ..."

condition-cancer_history = Krebs, jetzt oder früher
condition-iv_drug_use = gespritzte Drogen
condition-immune_suppressed = schwaches Immunsystem
condition-osteoporosis = Osteoporose
condition-long_term_steroids = Kortison über lange Zeit
condition-cold_urticaria = Quaddeln durch Kälte
condition-raynaud = Raynaud-Syndrom
condition-cryoglobulinaemia = Kryoglobulinämie
condition-cold_haemoglobinuria = paroxysmale Kältehämoglobinurie
condition-cold_reaction_before = frühere Reaktion auf Kälte
condition-impaired_sensation = taube Haut
condition-poor_circulation = schlechte Durchblutung
condition-open_wound_at_site = offene Wunde an der Stelle
condition-skin_infection_at_site = Hautinfektion an der Stelle
condition-bleeding_disorder = Blutungsneigung
condition-anticoagulant = Blutverdünner
condition-dvt = tiefe Venenthrombose
condition-cancer_at_site = Krebs an der Stelle
condition-heat_reaction_before = frühere Reaktion auf Wärme
condition-pregnant = Schwangerschaft
condition-stomach_ulcer = Magengeschwür
condition-gi_bleed = frühere Blutung in Magen oder Darm
condition-kidney_disease = Nierenerkrankung
condition-liver_disease = Lebererkrankung
condition-heart_failure = Herzschwäche
condition-heart_disease = Herzerkrankung
condition-stroke = früherer Schlaganfall
condition-high_blood_pressure_uncontrolled = nicht eingestellter Bluthochdruck
condition-asthma_nsaid_sensitive = Asthma durch Entzündungshemmer
condition-nsaid_allergy = Allergie gegen Entzündungshemmer
condition-nsaid_intolerant = Unverträglichkeit von Entzündungshemmern
condition-taking_other_nsaid = ein anderer Entzündungshemmer
condition-lumbar_stenosis = Spinalkanalstenose der Lendenwirbelsäule
condition-diabetes = Diabetes

## Warnzeichen: wie sie heißen, wie man danach fragt, und Beispiele

symptom-saddle_numbness = Taubheit oder Kribbeln um die Genitalien oder am Gesäß
    .question = Ist es zwischen den Beinen oder am Gesäß taub, oder kribbelt es dort?
    .examples = Die Haut fühlt sich beim Abwischen anders an. Toilettenpapier fühlt sich fremd an. Sie sitzen wie auf Watte.
symptom-bladder_change = eine Veränderung beim Wasserlassen
    .question = Hat sich beim Wasserlassen etwas verändert?
    .examples = Sie wissen nicht, ob die Blase voll oder leer ist. Sie spüren den Urin nicht. Sie müssen stärker oder länger pressen. Sie verlieren Urin oder brauchen Einlagen.
symptom-bowel_change = eine Veränderung der Kontrolle oder des Gefühls im Darm
    .question = Hat sich beim Stuhlgang etwas verändert?
    .examples = Sie spüren den Stuhlgang nicht. Sie verlieren Stuhl oder können ihn nicht halten. Sie spüren nicht, wann Sie müssen.
symptom-sexual_dysfunction = ein Verlust der sexuellen Funktion oder des Gefühls
    .question = Haben Sie das Gefühl in den Genitalien oder beim Sex verloren?
    .examples = Die Genitalien sind taub. Sex fühlt sich anders oder gar nicht an. Erektion oder Orgasmus bleiben neuerdings aus.
symptom-both_legs_symptoms = Schmerz, Kribbeln, Schwäche oder Taubheit in beiden Beinen
    .question = Haben Sie Schmerz, Kribbeln, Schwäche oder Taubheit in beiden Beinen?
    .examples = Der Schmerz schießt in beide Beine. Beide Beine kribbeln oder sind schwach. Es wechselt von einem Bein zum anderen.
symptom-leg_weakness_progressive = starke oder zunehmende Schwäche in einem Bein
    .question = Ist ein Bein sehr schwach, oder wird es schwächer?
    .examples = Ein Fuß schleift oder hängt. Sie können nicht auf Zehen oder Fersen stehen. Das Bein knickt ein.
symptom-major_trauma = ein schwerer Unfall
    .question = Begann es mit einem schweren Unfall?
    .examples = Ein Sturz aus der Höhe. Ein Verkehrsunfall. Ein schwerer Schlag auf den Rücken.
symptom-chest_pain = Schmerz in der Brust
    .question = Haben Sie Schmerz oder Druck in der Brust?
    .examples = Es ist eng, schwer oder drückend. Es zieht in Arm, Kiefer oder Rücken. Sie bekommen schlecht Luft.
symptom-aneurysm_signs = plötzlicher starker Schmerz in Bauch oder Rücken, mit Schwäche oder feuchtkalter Haut
    .question = Kam starker Schmerz in Bauch oder Rücken plötzlich, mit Schwäche oder feuchtkalter Haut?
    .examples = Sie wurden ohnmächtig oder Ihnen ist schwindlig. Ihre Haut ist schweißig, blass und kalt. Sie spüren ein Pochen im Bauch.
symptom-severe_allergic_reaction = Atemnot, Schwellung in Gesicht oder Hals, oder Schwäche mit Quaddeln
    .question = Haben Sie Atemnot, Schwellung an Gesicht, Lippen oder Hals, oder Quaddeln mit Schwäche?
    .examples = Lippen oder Zunge schwellen an. Der Hals ist eng. Sie atmen pfeifend. Sie haben Quaddeln und fühlen sich schwach.
symptom-fever = Fieber oder Unwohlsein
    .question = Haben Sie Fieber, oder fühlen Sie sich allgemein krank?
    .examples = Ihnen ist heiß, und Sie frösteln. Sie schwitzen nachts.
symptom-unexplained_weight_loss = Gewichtsverlust ohne Grund
    .question = Haben Sie abgenommen, ohne es zu wollen?
    .examples = Kleidung ist weiter geworden. Sie essen wie immer.
symptom-night_pain_unrelieved = Schmerz in der Nacht, oder Schmerz, den Ruhe nicht lindert
    .question = Haben Sie Schmerz in der Nacht, oder Schmerz, den Ruhe nicht lindert?
    .examples = Er weckt Sie und hält Sie wach. Keine Lage hilft.
symptom-upper_back_pain = Schmerz zwischen den Schulterblättern
    .question = Ist der Schmerz oben am Rücken, zwischen den Schulterblättern?
    .examples = Er sitzt höher als die unteren Rippen.
symptom-lump_or_deformity = ein Knoten, eine Schwellung oder eine veränderte Form
    .question = Gibt es einen Knoten oder eine Schwellung, oder hat der Rücken seine Form verändert?
    .examples = Ein neuer Höcker. Eine neue Krümmung. Eine Seite sieht anders aus.
symptom-recent_infection = eine Infektion vor Kurzem
    .question = Hatten Sie in den letzten Wochen eine Infektion?
    .examples = Eine Infektion der Lunge, der Haut oder der Harnwege. Eine entzündete Wunde oder ein entzündeter Zahn.
symptom-worse_on_cough = Schmerz, der bei Husten, Niesen oder Pressen zunimmt
    .question = Wird es bei Husten, Niesen oder Pressen schlimmer?
    .examples = Auch auf der Toilette, oder beim Lachen.
symptom-minor_trauma = ein kleiner Sturz oder eine Zerrung
    .question = Begann es mit einem kleinen Sturz oder einer Zerrung?
    .examples = Ein Stolpern. Ein Ausrutschen. Das Heben von etwas Leichtem.
symptom-recent_spinal_procedure = ein Eingriff an der Wirbelsäule vor Kurzem
    .question = Hatten Sie in den letzten drei Monaten eine Spritze oder Operation an der Wirbelsäule?
    .examples = Eine Periduralanästhesie. Eine Lumbalpunktion. Eine Rückenoperation.
symptom-inflammatory_pattern = ein Muster von entzündlichem Rückenschmerz
    .question = Begann es vor 45, dauert über 3 Monate, und treffen vier oder mehr davon zu?
    .examples = Es begann vor 35. Es weckt Sie spät in der Nacht. Das Gesäß schmerzt. Bewegung bessert es. Ein Entzündungshemmer bessert es binnen 48 Stunden. Nahe Verwandte haben Spondyloarthritis. Sie haben Arthritis. Fersen oder Sehnen schmerzen. Sie haben Schuppenflechte.

## Wie gut es belegt ist

evidence-red_flags = Gesundheitsdienste nennen diese Warnzeichen. Eine Liste sieht nicht alles. Wenn sich etwas sehr falsch anfühlt, holen Sie Hilfe.
evidence-skin_safety = Das ist Sicherheitsrat aus Merkblättern von Kliniken und veröffentlichten Listen von Gegenanzeigen.
evidence-ice_first = Zuerst Eis, nach 48 bis 72 Stunden Wärme: Das ist die Regel der Quelle und übliche Erste Hilfe. Es ist nicht das Ergebnis einer Studie. Übersichten fanden zu wenig über Kälte und keinen sicheren Unterschied zwischen Wärme und Kälte. Die heutige Seite des NHS kennt keine 72 Stunden. Frühere Wärme liegt außerhalb dieser Anleitung. Ein Schaden ist nicht nachgewiesen.
evidence-heat = Eine Übersicht über neun Studien fand, dass Wärme für kurze Zeit ein wenig hilft. Eine Leitlinie von 2017 nennt oberflächliche Wärme, mit mäßig guten Belegen. Wann man damit beginnt, sagt die Quelle, nicht eine Studie.
evidence-rhythm = 20 Minuten auf und 20 ab ist die Faustregel der Quelle. Merkblätter von Kliniken nennen 10 bis 20 Minuten alle zwei bis drei Stunden. Deshalb hat diese Anleitung eine Pause zwischen den Runden und eine Grenze am Tag.
evidence-stay_active = In Bewegung zu bleiben ist nach einer Übersicht von 2010 etwas besser als Bettruhe. Das passt zum Rat der Quelle gegen strenge Bettruhe.
evidence-stretches = Leichtes Dehnen, wenn Schmerz und Entzündung sich beruhigt haben, ist der Rat der Quelle. Die Zahlen für "beruhigt" sind unsere eigenen. Ärztlich geprüft hat sie niemand.
evidence-not_better = Gesundheitsdienste raten zu einer Untersuchung, wenn Rückenschmerz Wochen dauert oder zunimmt. Die genauen Zahlen unterscheiden sich. Einige sind unsere eigenen.
evidence-scope = Die Quelle wurde danach gefragt und gab keine Antwort. Ohne ärztliches Urteil raten wir zu keiner Aufnahme.
evidence-derived = Das ist eine dokumentierte Voreinstellung dieses Projekts. Ärztlich geprüft hat sie niemand.
