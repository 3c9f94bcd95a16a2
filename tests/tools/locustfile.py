"""20 rounds of three requests, and a log of them as people write it with a listener."""
import csv
import time

from locust import HttpUser, events, task

log = csv.writer(open("requests.csv", "w", newline="", buffering=1))
log.writerow(["timestamp", "request_type", "name", "response_time_ms", "status_code", "exception"])


@events.request.add_listener
def write(request_type, name, response_time, response, exception, **_):
    log.writerow([time.time() - response_time / 1000, request_type, name, response_time,
                  response.status_code if response is not None else 0, exception or ""])


class Caller(HttpUser):
    @task
    def rounds(self):
        for _ in range(20):
            self.client.get("/api/ok")
            self.client.get("/api/flaky")
            self.client.get("/api/item?id=7", name="/api/item")
        time.sleep(3)  # until the statistics are written again
        self.environment.runner.quit()
