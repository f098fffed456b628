"""Prints the skipped and failed tests of the trx files in a folder, then "N passed, N failed, N skipped".

Arguments: the folder, then the projects whose run did not succeed. One of those without a failed test died on the way, which counts as a failure.
"""
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

NS = {"t": "http://microsoft.com/schemas/VisualStudio/TeamTest/2010"}

passed, failed, skipped = 0, [], []
unexplained = set(sys.argv[2:])
for file in sorted(Path(sys.argv[1]).glob("*.trx")):
    try:
        results = xml.parse(file).getroot().findall("t:Results/t:UnitTestResult", NS)
    except xml.ParseError as error:
        failed.append((file.name, f"unreadable: {error}"))
        unexplained.discard(file.stem)
        continue
    for result in results:
        outcome, name = result.get("outcome"), result.get("testName")
        message = (result.findtext("t:Output/t:ErrorInfo/t:Message", "", NS) or result.findtext("t:Output/t:StdOut", "", NS)).strip()
        if outcome == "Passed":
            passed += 1
        elif outcome == "NotExecuted":
            skipped.append((name, message or "no reason given"))
        else:
            failed.append((name, message.split("\n")[0]))
            unexplained.discard(file.stem)

failed += [(project, "the run ended before all its tests had") for project in sorted(unexplained)]
for name, reason in skipped:
    print(f"SKIPPED {name}: {reason}")
for name, reason in failed:
    print(f"FAILED {name}: {reason}")
print(f"{passed} passed, {len(failed)} failed, {len(skipped)} skipped")
sys.exit(1 if failed or passed == 0 else 0)
