# SPDX-License-Identifier: BSD-3-Clause
"""Results as JUnit XML, which CI systems show."""

import xml.etree.ElementTree as ET


def write(path, results):
    suite = ET.Element(
        "testsuite", name="kiln", tests=str(len(results)),
        failures=str(sum(r.status == "FAIL" for r in results)),
        skipped=str(sum(r.status == "skip" for r in results)))
    for r in results:
        group, _, name = r.name.partition("/")
        case = ET.SubElement(suite, "testcase", classname=group,
                             name=name or group, time="%.3f" % r.seconds)
        if r.status == "FAIL":
            ET.SubElement(case, "failure").text = _xml_text(r.detail)
        elif r.status == "skip":
            ET.SubElement(case, "skipped", message=_xml_text(r.detail))
    ET.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def _xml_text(text):
    """Without the control characters that XML 1.0 has no way to say."""
    return "".join(c if c in "\t\n" or c >= " " else "?" for c in text)
