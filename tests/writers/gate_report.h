// A report of `culprit gate` by hand, with one of everything that writers have to tell.
#pragma once

#include <string>

#include "culprit/report.h"

namespace culprit {

inline Ranked ranked_function(const std::string& service, const std::string& file,
                              const std::string& name, std::uint32_t first, std::uint32_t line,
                              std::size_t rank, double probability) {
  Ranked row;
  row.code = {Level::kFunction, service, file, name, first, first + 9};
  row.line = {Level::kLine, service, file, name, line, line};
  row.counts = {5, 2, 0, 18};
  row.score = -1.5 * static_cast<double>(rank);
  row.probability = probability;
  row.best_rank = row.worst_rank = rank;
  return row;
}

inline Report gate_report() {
  Report report;
  report.runs_path = "runs";
  report.failed = 9;
  report.passed = 16;
  report.services = 2;
  report.functions = 40;
  report.endpoint_runs = {{"GET /health", 20},
                          {"POST /orders", 25},
                          {"POST /pay|\"x\"", 20},
                          {"GET /slow", 20},
                          {"GET /old", 20}};
  for (int i = 0; i < 25; ++i) {
    const bool failed = i < 9;
    report.runs.push_back({"r" + std::to_string(i),
                           failed ? Outcome::failed("status 500") : Outcome::passed("status 200"),
                           2,
                           {},
                           true});
  }
  report.ranking.formula = "posterior";
  report.ranking.elements = 40;

  // The line of the first has two bytes that are one character, and a source place.
  Ranked total = ranked_function("orders", "/ci/shop/src/total.cpp",
                                 "shop::total(std::vector<int> const&, int*)", 10, 14, 1, 0.9);
  total.source = "return préis[0];";
  total.source_place = {"services/orders/src/total 1.cpp", 5, "a1b2c3d4e5f60718:1"};
  report.ranking.rows = {total};
  const Ranked helper = ranked_function("orders", "src/help.cpp", "shop::help()", 30, 30, 2, 0.05);
  const Ranked card =
      ranked_function("payment", "src/Card.java", "shop.Card#check(int[])", 5, 7, 1, 0.6);
  const Ranked outside =
      ranked_function("payment", "../gen/Stub.java", "shop.Stub#call()", 5, 6, 2, 0.3);

  FailureCluster orders;
  orders.signature = {"POST /orders", "http-5xx", "payment", "POST /payments"};
  orders.fingerprint = "clc/v1:56f55d30897b7f8481b15d03fa8c5a5e";
  orders.runs = {"r0", "r1", "r2", "r3", "r4"};
  orders.endpoint_runs = 25;
  orders.level = FaultLevel::kCode;
  orders.level_evidence = "executed code differs between failing and passing runs of POST /orders";
  orders.ranking = report.ranking;
  orders.ranking.rows = {total, helper};
  orders.trace = {{"orders", "POST /orders", true, "", 0},
                  {"payment", "POST /payments", true, "src/Card.java", 9}};
  FailureCluster pay;
  pay.signature = {"POST /pay|\"x\"", "assertion", "", ""};
  pay.fingerprint = "clc/v1:00000000000000000000000000000002";
  pay.runs = {"r5"};
  pay.endpoint_runs = 20;
  pay.ranking = report.ranking;
  pay.ranking.rows = {card, outside};
  FailureCluster slow;
  slow.signature = {"GET /slow", "latency", "", ""};
  slow.fingerprint = "clc/v1:00000000000000000000000000000003";
  slow.runs = {"r6", "r7"};
  slow.endpoint_runs = 20;
  slow.level = FaultLevel::kDatabase;
  slow.level_evidence = "the client span to orders-db takes the time";
  slow.undecided = "no line tells failing from passing runs";
  FailureCluster old;
  old.signature = {"GET /old", "http-5xx", "orders", "GET /old"};
  old.fingerprint = "clc/v1:00000000000000000000000000000004";
  old.runs = {"r8"};
  old.endpoint_runs = 20;
  old.ranking = report.ranking;
  old.ranking.rows = {total, helper};
  report.clusters = {orders, pay, slow, old};

  GateVerdict gate;
  gate.answer = GateVerdict::Answer::kNewFaults;
  gate.baseline = ".culprit-baseline.jsonl";
  gate.change = "origin/main";
  ClusterVerdict fault;
  fault.cluster = 0;
  fault.fails = 5;
  fault.runs = 25;
  fault.baseline_fails = 0;
  fault.baseline_runs = 20;
  fault.p_value = 1.0 / 53130;
  fault.confirmed = true;
  fault.confirmation = "5 failing runs, p = 1.9e-05";
  fault.fails_gate = true;
  fault.because = "it is new, confirmed and at code level";
  fault.remedies = {"a [[suppress]] with its fingerprint, a reason and a day it ends on"};
  fault.suspects = {{total, Relation::kChanged, "cle/v1:00000000000000000000000000000011", false},
                    {helper, Relation::kReached, "cle/v1:00000000000000000000000000000012", false}};
  ClusterVerdict accepted;
  accepted.cluster = 1;
  accepted.fails = 1;
  accepted.runs = 20;
  accepted.baseline_runs = 20;
  accepted.p_value = 0.5;
  accepted.suppressed = Suppression{"POST /pay*", "flaky terminal, SHOP-12", "2027-01-31"};
  accepted.because = "it is suppressed";
  accepted.suspects = {
      {card, Relation::kUnrelated, "cle/v1:00000000000000000000000000000013", false},
      {outside, Relation::kUnrelated, "", false}};
  ClusterVerdict database;
  database.cluster = 2;
  database.fails = 2;
  database.runs = 20;
  database.baseline_runs = 20;
  database.p_value = 0.2;
  database.because = "it is no fault of code";
  ClusterVerdict known;
  known.cluster = 3;
  known.novelty = Novelty::kKnown;
  known.fails = 1;
  known.runs = 20;
  known.baseline_fails = 1;
  known.baseline_runs = 20;
  known.because = "the baseline has it at this rate";
  known.suspects = {{helper, Relation::kReached, "cle/v1:00000000000000000000000000000012", false}};
  gate.clusters = {fault, accepted, database, known};
  gate.fixed = {{"clc/v1:00000000000000000000000000000005", "GET /gone", "timeout", 20}};
  gate.stale = {"culprit.toml:12: `GET /x*` expired on 2026-10-01"};
  gate.unasked = {"GET /never"};
  gate.notes = {"2 of 30 endpoints of the baseline were not asked"};
  report.gate = gate;
  report.notes = {"a note with <b>markup</b> and @someone"};
  report.problems = {{{"r1/a.xml", 3, 7}, "unclosed element", "", 0, ""}};
  return report;
}

// The same runs as `culprit rank` tells of them.
inline Report rank_report() {
  Report report = gate_report();
  report.gate.reset();
  report.ranking.rows = report.clusters[0].ranking.rows;
  const Ranked& total = report.ranking.rows[0];
  const Ranked& helper = report.ranking.rows[1];
  report.diagnosability = Diagnosability{
      .density = 0.5,
      .diversity = 0.9,
      .uniqueness = 0.25,
      .top_group = {{total.code, {14, 15}}, {helper.code, {30}}},
      .top_functions = 2,
      .top_lines = 3,
      .to_split =
          "total (src/total.cpp:14, 15) and help (src/help.cpp:30) are executed by the same runs"};
  report.rounds = {{.failing = 4, .runs = {"r5", "r6"}, .ranking = report.clusters[1].ranking}};
  report.diagnosis =
      Diagnosis{.candidates = {{.faults = {{total.code, total.line, total.counts, 2, 2, 0.25},
                                           {helper.code, helper.line, helper.counts, 1, 1, 0}},
                                .share = 0.75,
                                .log_likelihood = -12.5}},
                .found = 3,
                .failing = 8,
                .passing = 16,
                .unexplained = 1,
                .largest = 4,
                .bounds = {"stopped after 100 steps, at sets of 2 faults"}};
  return report;
}

}  // namespace culprit
