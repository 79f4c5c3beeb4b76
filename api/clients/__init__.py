"""Clients of other people's services: only those that the operator allows are ever asked.

A router's times become a matrix of an ordinary request. The engine never hears of it, and no
other door asks a router: a caller over HTTP cannot make this machine call another.
"""

from api.clients.addresses import Address as Address
from api.clients.addresses import allowed_address as allowed_address
from api.clients.addresses import base_address as base_address
from api.clients.errors import FetchError as FetchError
from api.clients.errors import RouterError as RouterError
from api.clients.exchange import Line as Line
from api.clients.exchange import take as take
from api.clients.routers import Router as Router
from api.clients.routers import RouterName as RouterName
from api.clients.times import RouterTimes as RouterTimes
from api.clients.times import Told as Told
from api.clients.times import router_times as router_times
