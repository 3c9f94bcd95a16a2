// Traces as text, for what measures the reading of many: each is a shop's order, eight spans of
// four services, with the attributes that OpenTelemetry's libraries set.
#pragma once

#include <array>
#include <cstdio>
#include <string>
#include <string_view>

namespace culprit {

struct OrderSpan {
  std::string_view service;
  std::string_view operation;
  std::string_view method;
  std::string_view path;
  int kind;    // as OTLP numbers them
  int parent;  // -1: the root
};

inline constexpr std::array<OrderSpan, 8> kOrderSpans = {{
    {"gateway", "POST /orders", "POST", "/orders", 2, -1},
    {"gateway", "POST orders", "POST", "/orders", 3, 0},
    {"orders", "POST /orders", "POST", "/orders", 2, 1},
    {"orders", "GET stock", "GET", "/events/{id}", 3, 2},
    {"stock", "GET /events/{id}", "GET", "/events/{id}", 2, 3},
    {"stock", "SELECT events", "", "", 1, 4},
    {"orders", "POST payment", "POST", "/charges", 3, 2},
    {"payment", "POST /charges", "POST", "/charges", 2, 6},
}};

inline std::string format_text(const char* format, auto... values) {
  std::string text(4000, '\0');
  text.resize(static_cast<std::size_t>(std::snprintf(text.data(), text.size(), format, values...)));
  return text;
}

inline unsigned long long order_start_us(int trace) {
  return 1795910184000000ULL + static_cast<unsigned>(trace) * 5000ULL;
}

// A line for each span, as an exporter without batches writes them; 8 x 680 bytes.
inline std::string otlp_order(int trace) {
  std::string text;
  for (int i = 0; i < 8; ++i) {
    const OrderSpan& span = kOrderSpans[static_cast<std::size_t>(i)];
    const unsigned long long start =
        (order_start_us(trace) + static_cast<unsigned>(i) * 200) * 1000;
    text +=
        R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":")";
    text.append(span.service);
    text +=
        R"("}},{"key":"telemetry.sdk.language","value":{"stringValue":"cpp"}}]},"scopeSpans":[{"scope":{"name":"http"},"spans":[)";
    text += format_text(R"({"traceId":"4bf92f3577b34da6a3ce929d%08x","spanId":"%08x%08x",)", trace,
                        trace, i + 1);
    if (span.parent >= 0)
      text += format_text(R"("parentSpanId":"%08x%08x",)", trace, span.parent + 1);
    text.append("\"name\":\"").append(span.operation);
    text += format_text(
        R"(","kind":%d,"startTimeUnixNano":"%llu","endTimeUnixNano":"%llu","attributes":[)",
        span.kind, start, start + 3'000'000 - static_cast<unsigned>(i) * 300'000);
    if (!span.method.empty()) {
      text.append(R"({"key":"http.request.method","value":{"stringValue":")").append(span.method);
      text.append(R"("}},{"key":"http.route","value":{"stringValue":")").append(span.path);
      text += R"("}},{"key":"http.response.status_code","value":{"intValue":"200"}},)";
    }
    text += R"({"key":"server.address","value":{"stringValue":"shop.svc.cluster.local"}},)"
            R"({"key":"thread.id","value":{"intValue":"17"}}],"status":{}}]}]}]})"
            "\n";
  }
  return text;
}

// An element of `data` as Jaeger's query API gives it.
inline std::string jaeger_order(int trace) {
  std::string text = format_text(R"({"traceID":"4bf92f3577b34da6a3ce929d%08x","spans":[)", trace);
  for (int i = 0; i < 8; ++i) {
    const OrderSpan& span = kOrderSpans[static_cast<std::size_t>(i)];
    if (i != 0) text += ',';
    text +=
        format_text(R"({"traceID":"4bf92f3577b34da6a3ce929d%08x","spanID":"%08x%08x","flags":1,)",
                    trace, trace, i + 1);
    text.append(R"("operationName":")").append(span.operation).append(R"(","references":[)");
    if (span.parent >= 0) {
      text += format_text(
          R"({"refType":"CHILD_OF","traceID":"4bf92f3577b34da6a3ce929d%08x","spanID":"%08x%08x"})",
          trace, trace, span.parent + 1);
    }
    text += format_text(R"(],"startTime":%llu,"duration":%d,"tags":[)",
                        order_start_us(trace) + static_cast<unsigned>(i) * 200, 3000 - i * 300);
    if (!span.method.empty()) {
      text.append(R"({"key":"http.method","type":"string","value":")").append(span.method);
      text.append(R"("},{"key":"http.route","type":"string","value":")").append(span.path);
      text += R"("},{"key":"http.status_code","type":"int64","value":200},)";
    }
    text.append(R"({"key":"span.kind","type":"string","value":")");
    text.append(span.kind == 2 ? "server" : span.kind == 3 ? "client" : "internal");
    text += format_text(
        R"("},{"key":"internal.span.format","type":"string","value":"proto"}],"logs":[],)"
        R"("processID":"p%d","warnings":null})",
        i);
  }
  text += R"(],"processes":{)";
  for (int i = 0; i < 8; ++i) {
    if (i != 0) text += ',';
    text += format_text(R"("p%d":{"serviceName":")", i);
    text.append(kOrderSpans[static_cast<std::size_t>(i)].service);
    text += R"(","tags":[{"key":"hostname","type":"string","value":"7f9c"}]})";
  }
  return text + "}}";
}

}  // namespace culprit
