//! Every operation of the store, on SQLite and on PostgreSQL, each test in its own database.
//!
//! A test is an `async fn(Store)` in one of the modules; the list below runs it on both. One that
//! is not listed is never used, which the compiler reports.

use std::future::Future;

use guetteur_store::Store;
use guetteur_testkit::db::TestDatabase;

mod act_records;
mod acts;
mod alarms;
mod alerts;
mod before_release;
mod claims;
mod counted;
mod counts;
mod discovery;
mod documents;
mod gauges;
mod hidden_words;
mod hostile_text;
mod left_out;
mod links;
mod marks;
mod masks;
mod moving;
mod newest_lists;
mod numbers_in_trouble;
mod opening;
mod outcomes;
mod page_texts;
mod passes;
mod pooler;
mod rechecks;
mod recognition;
mod reviews;
mod revisions;
mod schema;
mod scrubs;
mod subscriptions;
mod support;
mod town_steps;
mod visits;
mod ways;

async fn run<F: Future<Output = ()>>(database: TestDatabase, test: impl FnOnce(Store) -> F) {
    let store = Store::open(database.url()).await.expect("the database opens");
    test(store.clone()).await;
    store.close().await;
}

macro_rules! on_both_databases {
    ($($module:ident::$test:ident)*) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                crate::run(super::TestDatabase::sqlite(), crate::$module::$test).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                crate::run(super::TestDatabase::postgres(), crate::$module::$test).await;
            })*
        }
    };
}

on_both_databases! {
    page_texts::a_page_is_read_from_its_block
    marks::the_first_mark_of_an_archive_holds
    passes::a_source_shows_its_passes_and_counts
    passes::an_interrupted_pass_is_closed_by_the_next
    discovery::to_find_again_adds_nothing
    discovery::the_first_listing_may_correct_itself
    discovery::a_corrected_day_sends_acts_back
    discovery::a_large_import_is_one_call
    discovery::filters_and_pages
    discovery::numbers_of_a_year
    ways::each_way_says_what_it_missed
    ways::what_the_site_says_is_worth_more
    passes::a_source_has_a_rhythm
    passes::looks_count_in_its_state
    claims::no_bulletin_is_handed_out_twice
    claims::newest_first_and_fewest_attempts
    claims::stages_and_sources_are_respected
    claims::a_lease_runs_out
    claims::late_answers_are_refused
    claims::failures_wait_then_give_up
    claims::release_does_not_count
    claims::a_process_that_dies_is_not_held_against_it
    claims::what_was_given_up_is_taken_up_again
    claims::to_put_off_does_not_count
    claims::a_killed_process_takes_its_work_up_again
    documents::a_bulletin_goes_along_the_line
    documents::a_changed_pdf_is_a_new_version
    documents::the_same_pdf_is_one_document
    documents::a_duplicate_inherits_when_the_original_changes
    documents::simultaneous_twins_have_one_owner
    documents::pages_are_replaced
    documents::what_bounds_the_hour_of_publication_goes_with_acts
    recognition::a_raised_part_sends_back_what_it_had_a_say_in
    recognition::what_awaits_ocr_is_cut_at_once_and_again_when_it_is_read
    recognition::urgent_pages_come_before_the_rest
    recognition::recognised_pages_outlive_the_process
    recognition::a_day_of_ocr_is_shared
    recognition::a_status_is_that_of_the_pages
    recognition::pages_that_failed_are_read_again_with_the_outdated
    recognition::the_queue_of_ocr_is_counted
    claims::what_awaits_ocr_is_left_to_those_who_can
    rechecks::a_new_version_changes_an_act_when_it_says_something_else
    rechecks::a_changed_pdf_goes_through_the_line_again
    rechecks::a_pdf_that_goes_is_withdrawn_and_may_come_back
    rechecks::a_check_that_fails_is_no_failure
    rechecks::old_bulletins_are_left_alone
    links::an_act_finds_the_one_it_changes_whichever_came_first
    links::the_same_act_in_two_bulletins_counts_once
    links::a_full_number_and_title_tell_the_same_act
    alerts::reading_settles_first_alerts
    alerts::an_act_that_is_what_its_alert_said_changes_too
    alerts::what_is_awaited_is_read_first
    alerts::a_confirmed_alert_outlives_its_act
    alerts::what_is_read_is_worth_more_than_what_is_announced
    newest_lists::a_look_is_remembered_until_the_list_moves
    newest_lists::a_back_fill_tells_no_habit
    newest_lists::a_list_that_lied_stays_distrusted
    hidden_words::what_a_pdf_hides_is_kept_apart
    left_out::what_was_left_out_is_kept_with_its_reason
    masks::a_masked_passage_is_told_nowhere
    outcomes::a_decision_follows_its_act
    town_steps::a_town_is_asked_answers_and_votes
    reviews::a_review_outlives_a_new_reading
    counted::acts_are_counted_once_and_struck_out_when_they_go
    counted::a_withdrawn_alert_is_still_told
    counted::who_changes_whom_in_pairs
    counted::a_source_is_read_over_days
    counts::what_is_kept_is_what_a_full_count_gives
    counts::counts_are_rebuilt
    counts::counts_stand_many_writers
    acts::ids_survive_a_new_cut
    acts::updated_at_moves_only_with_content
    acts::acts_exchange_keys
    acts::flags_keep_their_birth
    acts::what_rules_gained_and_lost_is_told
    acts::rules_have_their_tally
    acts::reclassify_is_resumable
    acts::a_crash_in_the_transaction_leaves_nothing
    act_records::act_page
    act_records::text_is_rebuilt_from_pages
    act_records::several_by_id
    act_records::totals
    revisions::changes_are_seen_in_order_by_a_follower
    subscriptions::nobody_is_subscribed_by_another
    subscriptions::a_letter_sent_keeps_no_secret
    subscriptions::a_mailbox_is_not_flooded
    subscriptions::nor_are_all_of_them
    gauges::what_is_measured
    scrubs::a_check_goes_on_where_it_was
    scrubs::damage_is_noted_until_it_is_mended
    scrubs::what_is_lost_is_fetched_again
    passes::since_when_a_source_fails_is_not_forgotten
    passes::old_passes_are_forgotten_but_for_those_that_say_something
    subscriptions::to_sign_up_again_changes_nothing_that_stands
    subscriptions::to_unsubscribe_leaves_nothing
    subscriptions::what_nobody_confirms_is_forgotten
    subscriptions::subscribers_change_what_they_follow
    subscriptions::renewals_are_told_once_to_whoever_asked
    subscriptions::a_quiet_week_is_told_once_to_whoever_asked
    subscriptions::programs_keep_their_own
    subscriptions::a_link_shows_all_of_an_address_for_a_while
    subscriptions::a_mark_moves_once_with_its_messages
    subscriptions::no_message_is_handed_out_twice
    subscriptions::a_message_that_may_have_left_says_so
    subscriptions::failures_of_messages_wait_and_end
    subscriptions::a_receiver_that_is_gone_is_suspended_alone
    subscriptions::a_suspended_mailbox_may_come_back
    subscriptions::receivers_are_those_of_the_settings
    subscriptions::changes_are_told_with_what_decides
    subscriptions::single_acts_put_on_line_undated_are_no_news
    alarms::an_alarm_is_raised_once_and_ended_once
    alarms::nobody_is_told_twice
    alarms::many_alarms_are_one_letter
    alarms::what_is_tried_once_more_is_still_given_up
    alarms::the_operator_is_a_receiver_of_the_settings
    alarms::a_source_says_since_when_it_fails
    visits::one_machine_visits_a_source
    visits::a_dead_machine_holds_nothing
    visits::a_visit_that_failed_is_made_again
    visits::two_that_start_together
    subscriptions::what_comes_out_under_our_eyes_is_told_whatever_its_day
    hostile_text::strings_come_back
    opening::check_tells_version_and_schema
    opening::two_openings_at_once
    opening::backup
}
