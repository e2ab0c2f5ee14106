"""What statuses say of an order, in the spellings of exports and of people."""

import pytest

from opsbook.params.order_status import OrderState, state_of

SPELLINGS = {
    OrderState.PAID: """交易成功|订单完成|买家已付款|已付款，待发货|已付款-待发货|待放款|尾款已付|定金已支付|已确认收货|等待買家確認收貨|交易成功！|已完成（VIP）
        |Completed|Order completed|Paid in full|Payment received|Ready to ship|Waiting for seller to ship|TRADE_SUCCESS|Balance due""",
    OrderState.AWAITED: """等待买家付款|等待買家付款|尚未付款|待付款（剩2天）|待审核|草稿|Unpaid|Payment not received|Awaiting deposit|WAIT_BUYER_PAY""",
    OrderState.CLOSED: """交易取消|买家已取消|訂單已取消|超时未付款关闭|交易关闭（超时未付款）|已撤单|Cancelled by buyer|Closed - unpaid|TRADE_CLOSED|Auto cancelled""",
    OrderState.REFUNDED: """退款成功|已退款|已全额退款|退款成功（全额）|退货退款完成|Refunded|Fully refunded|Refund issued|Chargeback""",
    OrderState.PARTLY_REFUNDED: """部分退款|部份退款成功|已付款（部分退款）|Partially refunded|PARTIALLY_REFUNDED""",
    OrderState.DISPUTED: """退款中|申请退款|退款审核中|纠纷中|交易成功(退款中)|Refund requested|In dispute|WAIT_SELLER_AGREE_REFUND""",
    OrderState.UNKNOWN: """取消退款|未取消|交易未成功|未完成|退款失败|拒绝退款|退款已关闭|纠纷关闭|申请取消|取消中|未退款|不退款|部分取消|已完成部分|处理中|订单|-
        |已取消（已付款）|已取消(部分)|已完成(未付款)|已付款(已退款)|已付款/已取消|refund cancelled|refund rejected|not cancelled|not completed
        |dispute closed|cancel requested|unsuccessful|incomplete|Processing|paid (cancelled)|Closed (paid)|Paid / Cancelled|Handled offline""",
}


@pytest.mark.parametrize(
    ("status", "state"),
    [(word.strip(), state) for state, words in SPELLINGS.items() for word in words.split("|")],
)
def test_a_status_is_understood_whole_or_not_at_all(status, state):
    assert state_of(status) is state
