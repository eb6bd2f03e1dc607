"""Bodies as Daraja sends them, and the account that they belong to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pos_sync.mpesa.account import Account, AccountKind, Secrets
from pos_sync.mpesa.errors import WhyRefused

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
PHONE = "254712345678"

PAYBILL = Account(
    kind=AccountKind.PAYBILL,
    number="174379",
    base_url="http://127.0.0.1:1",
    callback_url="https://relay.example/s/abc",
)
SECRETS = Secrets(
    consumer_key="the-key",
    consumer_secret="the-secret",
    passkey="bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919",
    initiator="operator",
    credential="Y3JlZGVudGlhbA==",
)

STK_PAID: dict[str, Any] = {
    "Body": {
        "stkCallback": {
            "MerchantRequestID": "29115-34620561-1",
            "CheckoutRequestID": "ws_CO_191220191020363925",
            "ResultCode": 0,
            "ResultDesc": "The service request is processed successfully.",
            "CallbackMetadata": {
                "Item": [
                    {"Name": "Amount", "Value": 1.00},
                    {"Name": "MpesaReceiptNumber", "Value": "NLJ7RT61SV"},
                    {"Name": "Balance"},
                    {"Name": "TransactionDate", "Value": 20191219102115},
                    {"Name": "PhoneNumber", "Value": 254708374149},
                ]
            },
        }
    }
}
STK_CANCELLED: dict[str, Any] = {
    "Body": {
        "stkCallback": {
            "MerchantRequestID": "f1e2-4b95",
            "CheckoutRequestID": "ws_CO_21072024125243250722943992",
            "ResultCode": 1032,
            "ResultDesc": "Request cancelled by user",
        }
    }
}
STK_TEXT_CODE: dict[str, Any] = {
    "Body": {
        "stkCallback": {
            "MerchantRequestID": "f1e2-4b95",
            "CheckoutRequestID": "ws_CO_1",
            "ResultCode": "SFC_IC0003",
            "ResultDesc": "The operator does not exist.",
        }
    }
}
PAID_IN: dict[str, Any] = {
    "TransactionType": "Pay Bill",
    "TransID": "RKL51ZDR4F",
    "TransTime": "20231121121325",
    "TransAmount": "5.00",
    "BusinessShortCode": "600966",
    "BillRefNumber": "Sample Transaction",
    "InvoiceNumber": "",
    "OrgAccountBalance": "25.00",
    "ThirdPartyTransID": "",
    "MSISDN": "2547 ***** 126",
    "FirstName": "NICHOLAS",
    "MiddleName": "",
    "LastName": "",
}
REVERSED: dict[str, Any] = {
    "Result": {
        "ResultType": 0,
        "ResultCode": 0,
        "ResultDesc": "The service request is processed successfully.",
        "OriginatorConversationID": "dad6-34ae",
        "ConversationID": "AG_20211114_201018edbbf9f1582eaa",
        "TransactionID": "SKE52PAWR9",
        "ResultParameters": {
            "ResultParameter": [
                {"Key": "OriginalTransactionID", "Value": "SKC82PACB8"},
                {"Key": "Amount", "Value": 1.00},
                {"Key": "TransCompletedTime", "Value": 20211114132711},
                {"Key": "Charge", "Value": 0.00},
                {"Key": "CreditPartyPublicName", "Value": "254705912645 - N N"},
            ]
        },
        "ReferenceData": {"ReferenceItem": {"Key": "QueueTimeoutURL", "Value": "https://x/y"}},
    }
}
REVERSAL_FAILED: dict[str, Any] = {
    "Result": {
        "ResultType": "0",
        "ResultCode": "R000001",
        "ResultDesc": "The transaction has already been reversed.",
        "OriginatorConversationID": "dad6-34ae",
        "ConversationID": "AG_1",
        "TransactionID": "SKE0000000",
    }
}
STATUS_TOLD: dict[str, Any] = {
    "Result": {
        "ResultType": 0,
        "ResultCode": 0,
        "ResultDesc": "The service request is processed successfully.",
        "OriginatorConversationID": "3213-416",
        "ConversationID": "AG_2",
        "TransactionID": "MCU0000000",
        "ResultParameters": {
            "ResultParameter": [
                {"Key": "ReceiptNo", "Value": "LHC1TSV4CX"},
                {"Key": "Conversation ID", "Value": "AG_3"},
                {"Key": "FinalisedTime", "Value": 20190724095601},
                {"Key": "Amount", "Value": 300},
                {"Key": "TransactionStatus", "Value": "Completed"},
                {"Key": "ReasonType"},
            ]
        },
    }
}
BALANCE_TOLD: dict[str, Any] = {
    "Result": {
        "ResultType": 0,
        "ResultCode": 0,
        "ResultDesc": "The service request is processed successfully.",
        "OriginatorConversationID": "16917-22577599-3",
        "ConversationID": "AG_4",
        "TransactionID": "OA90000000",
        "ResultParameters": {
            "ResultParameter": {
                "Key": "AccountBalance",
                "Value": "Working Account|KES|700000.00|700000.00|0.00|0.00",
            }
        },
    }
}
NOT_IN_TIME: dict[str, Any] = {
    "OriginatorConversationID": "16917-22577599-3",
    "ConversationID": "AG_5",
}
REPORTS = (
    STK_PAID,
    STK_CANCELLED,
    STK_TEXT_CODE,
    PAID_IN,
    REVERSED,
    REVERSAL_FAILED,
    STATUS_TOLD,
    BALANCE_TOLD,
    NOT_IN_TIME,
)

ACCEPTED: dict[str, Any] = {
    "MerchantRequestID": "2654-4b64-97ff-b827b542881d3130",
    "CheckoutRequestID": "ws_CO_1007202409152617172396192",
    "ResponseCode": "0",
    "ResponseDescription": "Success. Request accepted for processing",
    "CustomerMessage": "Success. Request accepted for processing",
}
QUERIED: dict[str, Any] = {
    "ResponseCode": "0",
    "ResponseDescription": "The service request has been accepted successsfully",
    "MerchantRequestID": "22205-34066-1",
    "CheckoutRequestID": "ws_CO_13012021093521236557",
    "ResultCode": "1032",
    "ResultDesc": "Request cancelled by user",
}
PULLED: dict[str, Any] = {
    "ResponseRefID": "26178-42530161-2",
    "ResponseCode": "1000",
    "ResponseMessage": "Success",
    "Response": [
        [
            {
                "transactionId": "yzlyrEsRG1",
                "trxDate": "2020-08-05T10:13:00Z",
                "msisdn": 72200000,
                "sender": "UAT2",
                "transactiontype": "c2b-pay-bill-debit",
                "billreference": "37207636392",
                "amount": "168.00",
                "organizationname": "Daraja Pull API Test",
            }
        ]
    ],
}


@dataclass(frozen=True)
class Said:
    """An answer that is no success, and what a push makes of it: None where that is unknown."""

    status: int
    body: bytes
    why: WhyRefused | None


def error_body(code: str, words: str = "Something is wrong") -> bytes:
    """Return the usual body of an error."""
    return json.dumps({"requestId": "1c5b-4ba8", "errorCode": code, "errorMessage": words}).encode()


def fault_body(code: str, words: str) -> bytes:
    """Return the body of the gateway's errors."""
    return json.dumps({"fault": {"faultstring": words, "detail": {"errorcode": code}}}).encode()


_SPIKE = "policies.ratelimit.SpikeArrestViolation"
SAID = (
    Said(
        400,
        error_body("400.002.02", "Bad Request - Invalid BusinessShortCode"),
        WhyRefused.BAD_FIELD,
    ),
    Said(400, error_body("400.002.05", "Invalid Request Payload"), WhyRefused.BAD_FIELD),
    Said(404, error_body("404.001.01", "Resource not found"), WhyRefused.WRONG_ADDRESS),
    Said(404, error_body("404.002.01"), WhyRefused.WRONG_ADDRESS),
    Said(404, error_body("404.003.01"), WhyRefused.WRONG_ADDRESS),
    Said(404, error_body("404.001.04", "Invalid Authentication Header"), WhyRefused.WRONG_ADDRESS),
    Said(405, error_body("405.001", "Method Not Allowed"), WhyRefused.WRONG_ADDRESS),
    Said(500, error_body("500.001.1001", "Merchant does not exist"), WhyRefused.NO_SUCH_MERCHANT),
    Said(500, error_body("500.001.1001", "Wrong credentials"), WhyRefused.WRONG_PASSKEY),
    Said(
        500,
        error_body(
            "500.001.1001",
            "Unable to lock subscriber, a transaction is already in process for the current "
            "subscriber",
        ),
        WhyRefused.LOCKED,
    ),
    Said(500, error_body("500.001.1001", "The transaction is being processed"), None),
    Said(500, error_body("500.001.1001", "Something new"), None),
    Said(500, error_body("500.003.02", "System is busy"), WhyRefused.BUSY),
    Said(500, error_body("500.003.03", "Quota Violation"), WhyRefused.QUOTA),
    Said(500, error_body("500.003.1001", "Internal Server Error"), None),
    Said(500, error_body("500.002.1001", "Duplicate OriginatorConversationID"), None),
    Said(429, fault_body(_SPIKE, "Spike arrest violation."), WhyRefused.BUSY),
    Said(
        401,
        fault_body("oops", "Invalid API call as no apiproduct match found"),
        WhyRefused.NOT_ENABLED,
    ),
    Said(504, fault_body("messaging.adaptors.http.flow.GatewayTimeout", "Gateway Timeout"), None),
    Said(400, error_body("499.9.9", "A code that nobody has described"), None),
    Said(400, b"", None),
    Said(502, b"<html><body>Bad Gateway</body></html>", None),
    Said(403, b"<html>Request unsuccessful. Incapsula incident ID: 1-2</html>", None),
    Said(200, b"<html>Request unsuccessful. Incapsula incident ID: 1-2</html>", None),
    Said(200, b"[]", None),
    Said(200, b'{"ResponseCode":"1","CheckoutRequestID":"ws_CO_1"}', None),
    Said(200, b'{"ResponseCode":"0"}', None),
    Said(302, b"moved", None),
)
TOKEN_CODES = (
    (404, "404.001.03"),
    (401, "401.002.01"),
    (401, "401.003.01"),
    (400, "400.003.01"),
    (401, "401.001"),
    (403, "403.011.01"),
)
